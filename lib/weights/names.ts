/**
 * How networks that others publish name what they learned.
 *
 * @module
 */
import type { NameMap, NameRule } from "./pretrained.ts";

/** A convolution or a fully connected layer with its bias. */
function layer(ours: string, theirs: string, as?: NameRule["as"]): NameMap {
  return [
    { ours: `${ours}.kernel`, theirs: `${theirs}.weight`, ...(as ? { as } : {}) },
    { ours: `${ours}.bias`, theirs: `${theirs}.bias` },
  ];
}

/** What a normalisation learns. */
function norm(ours: string, theirs: string): NameMap {
  return [
    { ours: `${ours}.gamma`, theirs: `${theirs}.weight` },
    { ours: `${ours}.beta`, theirs: `${theirs}.bias` },
  ];
}

/** A batch normalisation with its running statistics. */
function batchNorm(ours: string, theirs: string): NameMap {
  return [
    ...norm(ours, theirs),
    { ours: `${ours}.mean`, theirs: `${theirs}.running_mean` },
    { ours: `${ours}.variance`, theirs: `${theirs}.running_var` },
  ];
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** The trunk of CapsuleNet in torchvision's ResNet-18: its first convolution and three stages. */
export const resnet18: NameMap = [
  { ours: "conv1.kernel", theirs: "conv1.weight", as: "first-conv" },
  ...batchNorm("norm1", "bn1"),
  ...[1, 2, 3].flatMap((stage) =>
    [1, 2].flatMap((unit): NameMap => {
      const [ours, theirs] = [`layer${stage}.unit${unit}.sum`, `layer${stage}.${unit - 1}`];
      const convs = [1, 2].flatMap((i): NameMap => [
        { ours: `${ours}.body.conv${i}.kernel`, theirs: `${theirs}.conv${i}.weight`, as: "conv" },
        ...batchNorm(`${ours}.body.norm${i}`, `${theirs}.bn${i}`),
      ]);
      if (stage === 1 || unit === 2) return convs;
      return [
        ...convs,
        {
          ours: `${ours}.shortcut.conv.kernel`,
          theirs: `${theirs}.downsample.0.weight`,
          as: "conv",
        },
        ...batchNorm(`${ours}.shortcut.norm`, `${theirs}.downsample.1`),
      ];
    })
  ),
];

/** The encoder of SLSTT in a vision transformer of `timm` and of DeiT. */
export function visionTransformer(depth: number): NameMap {
  return [
    ...layer("encoder.embedding.patches", "patch_embed.proj", "conv"),
    { ours: "encoder.embedding.tokens.class", theirs: "cls_token" },
    { ours: "encoder.embedding.tokens.position", theirs: "pos_embed" },
    ...numbers(depth).flatMap((i): NameMap => {
      const [ours, theirs] = [`encoder.block${i + 1}`, `blocks.${i}`];
      return [
        ...norm(`${ours}.norm1`, `${theirs}.norm1`),
        ...layer(`${ours}.attention.qkv`, `${theirs}.attn.qkv`),
        ...layer(`${ours}.attention.out`, `${theirs}.attn.proj`),
        ...norm(`${ours}.norm2`, `${theirs}.norm2`),
        ...layer(`${ours}.mlp.fc1`, `${theirs}.mlp.fc1`),
        ...layer(`${ours}.mlp.fc2`, `${theirs}.mlp.fc2`),
      ];
    }),
    ...norm("norm", "norm"),
  ];
}

/** C3D but for its last layer, as the PyTorch copies of its Sports-1M weights name it. */
export function sports1m(width: number): NameMap {
  return [
    ...layer("conv1", "conv1", "first-conv"),
    ...["2", "3a", "3b", "4a", "4b", "5a", "5b"].flatMap((i) =>
      layer(`conv${i}`, `conv${i}`, "conv")
    ),
    { ours: "fc6.kernel", theirs: "fc6.weight", as: "after-flatten", channels: 8 * width },
    { ours: "fc6.bias", theirs: "fc6.bias" },
    ...layer("fc7", "fc7"),
  ];
}
