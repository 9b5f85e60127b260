/**
 * Jupyter messages (protocol 5.3): their frames and signatures.
 *
 * @module
 */
import { createHmac, timingSafeEqual } from "node:crypto";

/** A message as this client uses it: its type, the request it answers and its content. */
export interface Message {
  readonly type: string;
  /** Id of the request that caused it; empty for messages of the kernel's own accord. */
  readonly parent: string;
  readonly content: MessageContent;
}

/** The JSON body of a message. */
export type MessageContent = Readonly<Record<string, unknown>>;

/** A request: its id is how the reply is found again. */
export interface Request {
  readonly id: string;
  readonly type: string;
  readonly content: MessageContent;
}

/** Who signs: the connection's secret and this client's session name. */
export interface Identity {
  readonly key: string;
  readonly session: string;
}

const delimiter = "<IDS|MSG>";
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The signed frames of a request. */
export function encodeRequest(request: Request, identity: Identity): Uint8Array[] {
  const header = {
    msg_id: request.id,
    session: identity.session,
    username: "fleeting",
    date: new Date().toISOString(),
    msg_type: request.type,
    version: "5.3",
  };
  const parts = [header, {}, {}, request.content].map((part) =>
    encoder.encode(JSON.stringify(part))
  );
  return [encoder.encode(delimiter), encoder.encode(sign(parts, identity.key)), ...parts];
}

/**
 * The message in a list of frames; routing frames before the delimiter are skipped.
 *
 * @throws Error when the frames are no Jupyter message or its signature is wrong
 */
export function decodeMessage(frames: readonly Uint8Array[], key: string): Message {
  const start = frames.findIndex((frame) => decoder.decode(frame) === delimiter);
  const signature = frames[start + 1];
  const parts = frames.slice(start + 2, start + 6);
  if (start < 0 || !signature || parts.length < 4) throw new Error("Not a Jupyter message");
  const expected = encoder.encode(sign(parts, key));
  if (expected.length !== signature.length || !timingSafeEqual(expected, signature)) {
    throw new Error("The signature of a Jupyter message is wrong");
  }
  const [header, parent, , content] = parts.map((part) => JSON.parse(decoder.decode(part)));
  return { type: header.msg_type, parent: parent.msg_id ?? "", content };
}

function sign(parts: readonly Uint8Array[], key: string): string {
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
}
