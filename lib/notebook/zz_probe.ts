import { Dealer, Subscriber } from "zeromq";
import { createHmac, randomUUID } from "node:crypto";
const ports = Array.from({ length: 5 }, () => {
  const l = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const p = (l.addr as Deno.NetAddr).port;
  l.close();
  return p;
});
const key = randomUUID();
const conn = Deno.makeTempFileSync();
Deno.writeTextFileSync(
  conn,
  JSON.stringify({
    shell_port: ports[0],
    iopub_port: ports[1],
    stdin_port: ports[2],
    control_port: ports[3],
    hb_port: ports[4],
    ip: "127.0.0.1",
    key,
    transport: "tcp",
    signature_scheme: "hmac-sha256",
  }),
);
const t0 = performance.now();
const T = () => (performance.now() - t0).toFixed(0);
const child = new Deno.Command(Deno.execPath(), {
  args: ["jupyter", "--kernel", "--conn", conn],
  stdout: "inherit",
  stderr: "inherit",
  detached: true,
  env: { NO_COLOR: "1" },
}).spawn();
const shell = new Dealer({ linger: 0 }), iopub = new Subscriber({ linger: 0 });
shell.connect(`tcp://127.0.0.1:${ports[0]}`);
iopub.connect(`tcp://127.0.0.1:${ports[1]}`);
iopub.subscribe();
const send = async (type: string, content: unknown) => {
  const parts = [
    {
      msg_id: randomUUID(),
      session: "s",
      username: "u",
      date: new Date().toISOString(),
      msg_type: type,
      version: "5.3",
    },
    {},
    {},
    content,
  ].map((x) => JSON.stringify(x));
  const h = createHmac("sha256", key);
  parts.forEach((p) => h.update(p));
  await shell.send(["<IDS|MSG>", h.digest("hex"), ...parts]);
};
(async () => {
  for await (const f of iopub) {
    const i = f.findIndex((x: any) => x.toString() === "<IDS|MSG>");
    const hd = JSON.parse(f[i + 2].toString());
    console.log(T(), hd.msg_type, f[i + 5].toString().slice(0, 90));
  }
})();
await send("kernel_info_request", {});
await shell.receive();
console.log(T(), "info reply");
await send("execute_request", {
  code:
    `for(let i=0;i<5;i++){console.log("tick",i);await Deno.jupyter.display({"text/plain":"t"+i},{raw:true,display_id:"p",update:i>0});await new Promise(r=>setTimeout(r,300));}`,
  silent: false,
  store_history: false,
  user_expressions: {},
  allow_stdin: false,
  stop_on_error: false,
});
await shell.receive();
console.log(T(), "reply");
await send("execute_request", {
  code:
    `const e=performance.now();for(let i=0;i<3;i++){console.log("sync",i);while(performance.now()-e<300*(i+1));}`,
  silent: false,
  store_history: false,
  user_expressions: {},
  allow_stdin: false,
  stop_on_error: false,
});
await shell.receive();
console.log(T(), "reply");
// tight sync busy in client?
Deno.kill(-child.pid as number, "SIGKILL");
console.log(T(), await child.status);
shell.close();
iopub.close();
console.log(T(), "closed");
