/**
 * The channels between this client and a kernel: requests with their replies, and outputs.
 *
 * @module
 */
import { decodeMessage, encodeRequest, type Message, type MessageContent } from "./messages.ts";
import { connectZmtp, type SocketType, type ZmtpSocket } from "./zmtp.ts";

/** Receives the output messages of a run, live and in order. */
export type OutputListener = (message: Message) => void;

/** Connects to a port of a kernel that may still be starting; gives up when it is not `alive`. */
export async function connectWhenUp(
  port: number,
  type: SocketType,
  alive: () => boolean,
): Promise<ZmtpSocket> {
  for (;;) {
    try {
      return await connectZmtp(port, type);
    } catch (error) {
      // Refused: not up yet. Reset: another program has the port, so that the kernel will end.
      const { ConnectionRefused, ConnectionReset } = Deno.errors;
      const early = error instanceof ConnectionRefused || error instanceof ConnectionReset;
      if (!alive() || !early) throw error;
      await delay(10);
    }
  }
}

/** Sends a request and returns the content of its reply. */
export type Ask = (type: string, content: MessageContent) => Promise<MessageContent>;

/** Sends requests over a socket and finds the reply to each; rejects when the kernel is dead. */
export function requester(socket: ZmtpSocket, key: string, dead: Promise<never>): Ask {
  const session = crypto.randomUUID();
  const waiting = new Map<string, (content: MessageContent) => void>();
  listen(socket, key, (message) => waiting.get(message.parent)?.(message.content));
  return async (type, content) => {
    const id = crypto.randomUUID();
    const reply = new Promise<MessageContent>((resolve) => waiting.set(id, resolve));
    // Sending fails only when the kernel is gone, of which `dead` tells more.
    socket.send(encodeRequest({ id, type, content }, { key, session })).catch(() => {});
    return await Promise.race([reply, dead]).finally(() => waiting.delete(id));
  };
}

/** The kernel's output channel. */
export interface Outputs {
  /** Who hears from now on. */
  hand(listener: OutputListener): void;
  /** Repeats a request until one of its messages is heard, so that no output can be missed. */
  untilHeard(request: () => Promise<unknown>): Promise<void>;
  /** Resolves when the kernel has closed the channel; rejects when a message cannot be taken. */
  readonly ended: Promise<void>;
}

/** Listens to the output channel; nothing is heard before `hand` or `untilHeard`. */
export function listenForOutputs(iopub: ZmtpSocket, key: string): Outputs {
  let listener: OutputListener = () => {};
  return {
    hand: (next) => listener = next,
    ended: listen(iopub, key, (message) => listener(message)),
    async untilHeard(request) {
      const heard = Promise.withResolvers<true>();
      listener = () => heard.resolve(true);
      do await request(); while (!(await within(heard.promise, 100)));
    },
  };
}

/** Hands over each message until the connection closes. */
async function listen(socket: ZmtpSocket, key: string, hear: OutputListener): Promise<void> {
  for (;;) {
    let frames: Uint8Array[];
    try {
      frames = await socket.receive();
    } catch {
      return;
    }
    hear(decodeMessage(frames, key));
  }
}

/** What a promise resolves to, or undefined when that takes longer than `ms`. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  const end = new AbortController();
  const timeout = delay(ms, end.signal).then(() => undefined);
  return await Promise.race([promise, timeout]).finally(() => end.abort());
}

function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => (clearTimeout(timer), resolve()));
  });
}
