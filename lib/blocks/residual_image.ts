/**
 * The residual unit of images.
 *
 * @module
 */
import type { Block } from "./block.ts";
import { conv2d } from "./conv.ts";
import { normRelu } from "./norm_relu.ts";
import { avgPool2d } from "./pool.ts";
import { relu } from "./relu.ts";
import { residual } from "./residual.ts";
import { serial } from "./serial.ts";

/** A residual unit of images. */
export interface ImageUnitOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly stride: number;
}

/**
 * relu(norm(3×3(relu(norm(3×3(x))))) + shortcut(x)), the first convolution with the stride; where the shape
 * changes the shortcut is a 1×1 convolution with batch norm (He et al., CVPR 2016, option B). Convolutions
 * have no bias and are drawn as there (He).
 */
export function imageUnit({ inputChannels, outputChannels, stride }: ImageUnitOptions): Block {
  const conv = (kernel: number, strides: number): Block =>
    conv2d({
      filters: outputChannels,
      kernel,
      strides,
      padding: (kernel - 1) / 2,
      bias: false,
      init: "he",
    });
  const body = serial({
    conv1: conv(3, stride),
    norm1: normRelu(true),
    conv2: conv(3, 1),
    norm2: normRelu(false),
  });
  const same = stride === 1 && inputChannels === outputChannels;
  const shortcut = serial({
    // Every so-many-th pixel first: TensorFlow's gradient of a 1×1 convolution with a stride writes past
    // its memory where there are few channels.
    pick: avgPool2d({ window: 1, strides: stride }),
    conv: conv(1, 1),
    norm: normRelu(false),
  });
  return serial({ sum: residual(body, same ? undefined : shortcut), relu: relu() });
}
