/**
 * The client side of ZMTP 3.0 over TCP without encryption: the DEALER and SUB sockets that a Jupyter
 * client needs.
 *
 * The `zeromq` package is not used: its native event polling loses wake-ups under Deno, so that a
 * receive never returns although the message is there, and its receive time-out crashes the process.
 *
 * @module
 */

/** The role a socket announces to its peer. */
export type SocketType = "DEALER" | "SUB";

/** A connected message socket; frames of one message stay together. */
export interface ZmtpSocket {
  /** Sends one message. Calls are queued, so messages of concurrent senders never mix. */
  send(frames: readonly Uint8Array[]): Promise<void>;
  /** Waits for the next message. Rejects when the peer closes the connection. */
  receive(): Promise<Uint8Array[]>;
  /** Closes the connection; a pending receive rejects. */
  close(): void;
}

const more = 1, long = 2, command = 4;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** To every message: the empty prefix. */
const subscription = Uint8Array.of(0, 1, 1);

/**
 * Connects to a ZeroMQ socket on this machine and shakes hands. A SUB socket subscribes to every
 * message; the subscription is on its way, but perhaps not yet in effect, when this returns.
 *
 * @throws Deno.errors.ConnectionRefused while nothing listens on the port
 */
export async function connectZmtp(port: number, type: SocketType): Promise<ZmtpSocket> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  try {
    connection.setNoDelay(true);
    const write = serialWriter(connection);
    const read = bufferedReader(connection);
    await write(greeting());
    const peer = await read(64);
    if (peer[0] !== 0xff || (peer[10] ?? 0) < 3) throw new Error("The peer does not speak ZMTP 3");
    await write(encodeFrame(readyCommand(type), command));
    const [flags, body] = await readFrame(read);
    if (!(flags & command) || decoder.decode(body.subarray(1, 6)) !== "READY") {
      throw new Error("The ZMTP peer refused the handshake");
    }
    if (type === "SUB") await write(subscription);
    return socket(connection, { read, write, acknowledge: type === "SUB" });
  } catch (error) {
    connection.close();
    throw error;
  }
}

type Read = (length: number) => Promise<Uint8Array>;
type Write = (bytes: Uint8Array) => Promise<void>;

interface Wire {
  readonly read: Read;
  readonly write: Write;
  /**
   * Whether to answer each message at once. The kernel writes several in a row under Nagle's algorithm, which
   * holds the second until the first is acknowledged, and a socket that never writes does that 40 ms late.
   */
  readonly acknowledge: boolean;
}

function socket(connection: Deno.TcpConn, { read, write, acknowledge }: Wire): ZmtpSocket {
  return {
    // One write a message: several small ones meet Nagle's algorithm and wait 40 ms each.
    send: (frames) =>
      write(concat(frames.map((f, i) => encodeFrame(f, i < frames.length - 1 ? more : 0)))),
    async receive() {
      const frames: Uint8Array[] = [];
      for (;;) {
        const [flags, body] = await readFrame(read);
        if (flags & command) continue;
        frames.push(body);
        if (flags & more) continue;
        // Subscribing once more changes nothing; that it cannot be written, the next read will tell.
        if (acknowledge) void write(subscription).catch(() => {});
        return frames;
      }
    },
    close() {
      try {
        connection.close();
      } catch {
        // Closed by the peer before.
      }
    },
  };
}

function greeting(): Uint8Array {
  const bytes = new Uint8Array(64);
  bytes[0] = 0xff;
  bytes[9] = 0x7f;
  bytes[10] = 3;
  bytes.set(encoder.encode("NULL"), 12);
  return bytes;
}

function readyCommand(type: SocketType): Uint8Array {
  const property = (name: string, value: string) => [
    name.length,
    ...encoder.encode(name),
    ...[0, 0, 0, value.length],
    ...encoder.encode(value),
  ];
  return new Uint8Array([
    5,
    ...encoder.encode("READY"),
    ...property("Socket-Type", type),
    ...property("Identity", ""),
  ]);
}

function encodeFrame(body: Uint8Array, flags: number): Uint8Array {
  if (body.length <= 255) return concat([new Uint8Array([flags, body.length]), body]);
  const head = new Uint8Array(9);
  head[0] = flags | long;
  new DataView(head.buffer).setBigUint64(1, BigInt(body.length));
  return concat([head, body]);
}

async function readFrame(read: Read): Promise<[flags: number, body: Uint8Array]> {
  const flags = (await read(1))[0]!;
  if (!(flags & long)) return [flags, await read((await read(1))[0]!)];
  const size = await read(8);
  return [flags, await read(Number(new DataView(size.buffer, size.byteOffset).getBigUint64(0)))];
}

function serialWriter(connection: Deno.TcpConn): Write {
  let last: Promise<unknown> = Promise.resolve();
  return (bytes) => {
    const done = last.then(async () => {
      for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
    });
    last = done.catch(() => {});
    return done;
  };
}

function bufferedReader(connection: Deno.TcpConn): Read {
  let chunks: Uint8Array[] = [];
  let held = 0;
  return async (length) => {
    while (held < length) {
      const chunk = new Uint8Array(65536);
      const got = await connection.read(chunk);
      if (got === null) throw new Deno.errors.ConnectionReset("The kernel closed the connection");
      chunks.push(chunk.subarray(0, got));
      held += got;
    }
    const all = chunks.length === 1 ? chunks[0]! : concat(chunks);
    chunks = [all.subarray(length)];
    held -= length;
    return all.slice(0, length);
  };
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
