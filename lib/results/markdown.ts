export function resultMarkdown(_r: unknown): string { return "x"; }
