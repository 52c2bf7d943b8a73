import type { CarriedTime, ForeignSpec } from '../../scenarios/foreign/contract.js';

/** How a server that pushbench starts says that it is ready. */
export type ReadyCheck =
  /** Its port takes connections. */
  | { readonly by: 'port' }
  /** This address answers with this status; with any below 400 when it is left out. */
  | { readonly by: 'url'; readonly url: string; readonly address: string; readonly status?: number }
  /** It has printed this. */
  | { readonly by: 'stdout'; readonly text: string };

/** A program to start, without a shell. Texts may hold `{port}`. */
export interface TargetCommand {
  readonly argv: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** Beside what this process has, and `PORT`. */
  readonly env: Readonly<Record<string, string>>;
  /** Null lets us choose a free one. */
  readonly port: number | null;
  /** Makes a fresh copy of the tree ready before the program can start in it: `npm ci`. Left out where nothing must be done. */
  readonly setup?: readonly string[];
}

/** How a message gets into the server. Texts may hold `{message}`, which is the marker and its filler. */
export type PublishWay =
  | {
      readonly by: 'http';
      /** Another origin than the target's own; null for that. */
      readonly origin: Origin | null;
      readonly method: string;
      readonly path: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      /** Requests under way at once, at most: with 1 they keep their order, and each waits for the answer before it. */
      readonly atOnce: number;
    }
  | {
      readonly by: 'websocket';
      readonly origin: Origin | null;
      readonly path: string;
      readonly headers: Readonly<Record<string, string>>;
      /** Said once the socket is open. */
      readonly hello: readonly string[];
      /** Publishing begins with the first text message that begins like this; null: at once. */
      readonly readyAt: string | null;
      /** Text messages of the server that are answered, word for word. */
      readonly replies: Readonly<Record<string, string>>;
      readonly message: string;
    }
  /** The server publishes by itself. */
  | { readonly by: 'self'; readonly time: CarriedTime | null };

/** Where a server listens; the address is one that its name resolved to. */
export interface Origin {
  /** An IP address. */
  readonly address: string;
  /** Null where the port is one that we choose. */
  readonly port: number | null;
  /** As it stands in the Host field, without the port. */
  readonly hostname: string;
}

/** A server of the user's, as a configuration file describes it and everything looked up. Plain data. */
export interface TargetSpec {
  readonly name: string;
  readonly title: string;
  /** What sentences call it where that is not its name. */
  readonly called?: string;
  readonly origin: Origin;
  /** Null for a server that runs already. */
  readonly command: TargetCommand | null;
  readonly ready: { readonly check: ReadyCheck; readonly timeoutMs: number };
  /** Of a server that runs already, for its CPU and memory; null without one. */
  readonly pid: number | null;
  readonly subscribe: Omit<ForeignSpec, 'id' | 'title' | 'run' | 'self'>;
  readonly publish: PublishWay;
}

/** What the runner tells a target's host beside what every host is told, before `serve`. */
export type TargetHostCommand =
  | {
      readonly type: 'aim';
      readonly target: TargetSpec;
      /** Of the markers: eight lower-case hex digits. */
      readonly run: string;
      /** Core list of the server's own process; null leaves it unpinned. */
      readonly cores: string | null;
    }
  /** Publishes one message now, outside any schedule. */
  | { readonly type: 'say'; readonly id: number; readonly sequence: number; readonly bytes: number };

/** What a target's host answers beside what every host does. */
export type TargetHostReport = {
  readonly type: 'said';
  readonly id: number;
  /** What went wrong, as a sentence's end; null when it was taken. */
  readonly failure: string | null;
  /** Messages so far that went out twice, for the first was lost before it was answered. */
  readonly repeated: number;
};
