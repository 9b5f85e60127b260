/**
 * `tasks/arrow_text.ts FILE`: git's textconv for Arrow files. Whatever the file is, it prints something
 * and succeeds, so that `git diff` goes on.
 *
 * @module
 */
import { arrowText } from "lib/results/text.ts";

const [file = ""] = Deno.args;
let text: string;
try {
  text = arrowText(await Deno.readFile(file));
} catch (error) {
  text = `unreadable: ${(error as Error).message}\n`;
}
console.log(text.trimEnd());
