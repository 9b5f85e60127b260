/**
 * A lint plugin that only finds expression statements, for the search for promises that nobody
 * awaits (see floating.ts) and for values that a cell leaves as its last expression.
 *
 * @module
 */

/** What the plugin reports as the message of a finding. */
export type StatementKind = "call" | "value";

const effects: readonly string[] = [
  "AssignmentExpression",
  "AwaitExpression",
  "UpdateExpression",
  "YieldExpression",
];

function kindOf(expression: Deno.lint.Expression): StatementKind | undefined {
  if (effects.includes(expression.type)) return undefined;
  if (expression.type === "UnaryExpression") {
    return ["void", "delete"].includes(expression.operator) ? undefined : "value";
  }
  return ["CallExpression", "ChainExpression", "NewExpression"].includes(expression.type)
    ? "call"
    : "value";
}

const plugin: Deno.lint.Plugin = {
  name: "notebook",
  rules: {
    "expression-statement": {
      create: (context) => ({
        ExpressionStatement({ expression, parent }) {
          const isDirective = expression.type === "Literal" && parent.type === "Program";
          const kind = kindOf(expression);
          if (kind && !isDirective) context.report({ node: expression, message: kind });
        },
      }),
    },
  },
};

export default plugin;
