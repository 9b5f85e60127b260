/**
 * The variables of a training graph: parameters, their moments, and what a network keeps.
 *
 * @module
 */
import { codes, type GraphNode } from "./graph_def.ts";

/** The variable of a parameter; `…/read` is its value. */
export function parameterName(index: number): string {
  return `parameter${index}`;
}

/** The variable of one of a parameter's moments. */
export function momentName(index: number, moment: number): string {
  return `parameter${index}_moment${moment}`;
}

/** The variable of one array of the network's state. */
export function stateName(index: number): string {
  return `state${index}`;
}

/** A variable, float32. */
export interface Variable {
  readonly name: string;
  readonly shape: readonly number[];
}

/** The node that gives all variables what is fed to their placeholders `…/new`. */
export const assignAll = "assign";

/** The nodes of variables: what holds each, `…/read`, and how it is assigned. */
export function variableNodes(variables: readonly Variable[]): GraphNode[] {
  const float = { type: codes().TF_FLOAT };
  const one = { array: { shape: [], dtype: float.type, values: [1] } };
  return [
    ...variables.flatMap(({ name, shape }): GraphNode[] => [
      {
        name,
        operation: "VarHandleOp",
        inputs: [],
        attributes: {
          dtype: float,
          shape: { shape },
          shared_name: { text: name },
          container: { text: "" },
        },
      },
      {
        name: `${name}/read`,
        operation: "ReadVariableOp",
        inputs: [name],
        attributes: { dtype: float },
      },
      {
        name: `${name}/new`,
        operation: "Placeholder",
        inputs: [],
        attributes: { dtype: float, shape: { shape } },
      },
      {
        name: `${name}/assign`,
        operation: "AssignVariableOp",
        inputs: [name, `${name}/new`],
        attributes: { dtype: float },
      },
    ]),
    {
      name: "one",
      operation: "Const",
      inputs: [],
      attributes: { dtype: float, value: one },
    },
    {
      name: assignAll,
      operation: "Identity",
      inputs: ["one", ...variables.map(({ name }) => `^${name}/assign`)],
      attributes: { T: float },
    },
  ];
}
