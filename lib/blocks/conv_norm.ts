/**
 * Convolution, batch normalisation, rectifier.
 *
 * @module
 */
import type { Block } from "./block.ts";
import { centredConv3d, type CentredConvOptions } from "./conv3d_centred.ts";
import type { Priced } from "./cost.ts";
import { normRelu } from "./norm_relu.ts";
import { serial } from "./serial.ts";

/** A convolution with what follows it. */
export interface ConvNormOptions extends CentredConvOptions {
  /** Whether a rectifier follows; default true. */
  readonly rectify?: boolean;
}

/**
 * The convolution of {@linkcode centredConv3d}, batch norm and, unless it is told otherwise, a rectifier.
 *
 * @throws RangeError as the convolution
 */
export function convNorm({ rectify = true, ...options }: ConvNormOptions): Block & Priced {
  const conv = centredConv3d(options);
  return {
    ...serial({ conv, norm: normRelu(rectify) }),
    price(inputShapes) {
      const price = conv.price(inputShapes);
      // A scale and a shift for each channel.
      return { ...price, parameters: price.parameters + 2 * options.filters };
    },
  };
}
