/**
 * A generated clip together with the truth about it.
 *
 * @module
 */
import type { FlowField } from "lib/preprocess/flow_field.ts";
import type { Frame } from "lib/preprocess/frame.ts";

/** The database whose shape a generated set has. */
export type SetName = "smic" | "samm" | "casme2";

/** One generated clip, as its camera and its coders would have recorded it. */
export interface Recording {
  /** As in the database's sheet: `s03`, `006`, `sub01`. */
  readonly subject: string;
  /** The clip's name as in the sheet: `s03_ne_01`, `006_1_2`, `EP02_01f`. */
  readonly name: string;
  /** In the words of the database's sheet. */
  readonly emotion: string;
  /** Facial Action Coding System units, such as `12+6`; the sheet's column where it has one. */
  readonly actionUnits: string;
  /** Frames per second. */
  readonly fps: number;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** The number in the first frame's file name; the others follow without gaps. */
  readonly firstNumber: number;
  readonly frameCount: number;
  /** Numbers of frames, as sheets give them: firstNumber <= onset < apex < offset. */
  readonly onset: number;
  readonly apex: number;
  readonly offset: number;
  /** Draws the frame of a number, 8 bit; the same number gives the same bytes. */
  frame(number: number): Frame;
  /** What no loader may know: for tests. */
  readonly truth: {
    /** The 68 points in the order of dlib's model, x and y in turn, in the onset frame's pixels. */
    readonly landmarks: Float32Array;
    /** The motion of the face from the onset frame to another, head drift included. */
    displacement(number: number): FlowField;
    /** The same without head drift. */
    expression(number: number): FlowField;
  };
}
