/** Generated from config.schema.json. */
export type Config = {
  readonly $schema?: string;
  /** polling, longpoll, iframe, sse, websocket, polling-close, sse-library, websocket-raw, socketio-polling, socketio-upgrade; all is the five of the article, every the whole registry (default: all) */
  readonly scenario?: string | number | (readonly (string | number)[]);
  /** servers of your own, by their names among the targets of --config, in place of scenarios or beside them (default: all of the file's targets, unless --scenario is given) */
  readonly target?: string | number | (readonly (string | number)[]);
  /** what happens: broadcast, idle, burst, unicast, echo, churn, restart, slow-readers, overload; "pushbench list" explains each (default: broadcast) */
  readonly workload?: string | number;
  /** unicast: clients are spread over this many topics, each message goes to one, 1 to 1,000,000 (default: one a client) */
  readonly topics?: string | number;
  /** burst: messages that are published at one instant, 2 to 100,000 (default: 10) */
  readonly burst?: string | number;
  /** churn: visitors that come and go a second, beside the clients that stay, 0.1 to 10,000 (default: a tenth of the clients) */
  readonly churn?: string | number;
  /** slow-readers: clients that read slowly, in percent of all, 0.1 to 90 (default: 10) */
  readonly slow?: string | number;
  /** overload: connections that the server admits; it answers all others with 503 (default: half of the clients) */
  readonly admit?: string | number;
  /** restart: how long the server stays away after it was killed, 0 to 60,000 (default: 500) */
  readonly down?: string | number;
  /** virtual clients, 1 to 1,000,000; several make a sweep (default: 1000) */
  readonly clients?: string | number | (readonly (string | number)[]);
  /** messages published a second, 0.001 to 100,000 (default: 10) */
  readonly rate?: string | number;
  /** how messages are spread in time: poisson or constant (default: poisson) */
  readonly arrivals?: string | number;
  /** useful bytes in a message, 10 to 16,777,216 (16 MiB) (default: 10) */
  readonly payload?: string | number;
  /** what messages hold: text (ASCII), unicode (UTF-8 of up to 4 bytes a character) or binary (base64 where a transport has only text) (default: text) */
  readonly content?: string | number;
  /** seconds of the measure window, 0.1 to 86,400 (default: 10) */
  readonly duration?: string | number;
  /** seconds of warm-up before it, 0 to 3,600 (default: 1) */
  readonly warmup?: string | number;
  /** rounds, 1 to 1,000, contestants in balanced random order; auto: 5 to 100, until --precision or --budget is reached (default: 3, or 8 with --aa) */
  readonly trials?: string | number;
  /** with --trials auto: half the 99 % interval of every median latency and byte count, 0.1 to 100 (default: 10) */
  readonly precision?: string | number;
  /** with --trials auto: seconds for all trials, 1 to 604,800 (default: 600) */
  readonly budget?: string | number;
  /** two identical arms of each scenario: prints how far noise alone sets them apart */
  readonly aa?: boolean;
  /** of an earlier --aa run on this machine: differences inside its noise floor are called a tie */
  readonly "noise-floor"?: string | number;
  /** of an earlier --aa run on this machine: differences inside its noise floor are called a tie */
  readonly noiseFloor?: string | number;
  /** memory slopes are wanted: refuses fewer than three --clients, and a run without slopes is not valid */
  readonly slopes?: boolean;
  /** milliseconds between two polls of a client, 10 to 3,600,000 (default: 1000) */
  readonly "poll-interval"?: string | number;
  /** milliseconds between two polls of a client, 10 to 3,600,000 (default: 1000) */
  readonly pollInterval?: string | number;
  /** request headers of HTTP clients and upgrades: minimal or browser (default: minimal) */
  readonly headers?: string | number;
  /** sub-protocols that WebSocket clients ask for, the preferred one first; the servers know chat and superchat (default: none) */
  readonly subprotocols?: string | number | (readonly (string | number)[]);
  /** identity in every request: a Cookie field with a value of 1 to 8,192 bytes (default: none) */
  readonly cookie?: string | number;
  /** a real nginx in front of the server: nginx, configured for streams, or nginx-default, as it comes (default: none) */
  readonly proxy?: string | number;
  /** a handler is busy with each request or upgrade this long before it is answered, 1 to 60,000 ms (default: none, answered at once) */
  readonly "handler-delay"?: string | number;
  /** a handler is busy with each request or upgrade this long before it is answered, 1 to 60,000 ms (default: none, answered at once) */
  readonly handlerDelay?: string | number;
  /** with --handler-delay: handlers of a server process, 1 to 10,000; requests wait for a free one (default: 4) */
  readonly handlers?: string | number;
  /** round trip of a link between clients and server, 0 (no link) or 4 to 2,000 ms, half each way (default: 0) */
  readonly rtt?: string | number;
  /** bandwidth of the link for each client and direction, such as 56k or 1.5M; up to 100,000M (default: unlimited) */
  readonly bandwidth?: string | number;
  /** everything random follows from it (default: random, recorded in the result) */
  readonly seed?: string | number;
  /** overrides a health limit, recorded in the result: generatorShareMs, generatorSharePart, generatorUtilization, publisherLagMs, publisherLagPart, linkErrorMs, linkErrorPart, stealPercent, foreignCpuPercent, ceilingShare */
  readonly limit?: string | number | (readonly (string | number)[]) | Readonly<Record<string, number>>;
  /** measure what the generator can take, 3 s at most, kept for later runs: auto (not for short runs), always or never (default: auto) */
  readonly calibrate?: string | number;
  /** folder for results.json, report.html and summary.md (default: results/<time>) */
  readonly out?: string | number;
  /** the result document on stdout, nothing else */
  readonly json?: boolean;
  /** print plan, processes, ports, descriptors and time needed; start nothing */
  readonly "dry-run"?: boolean;
  /** print plan, processes, ports, descriptors and time needed; start nothing */
  readonly dryRun?: boolean;
  /** no progress on stderr */
  readonly quiet?: boolean;
  /** no colour (NO_COLOR is honoured too) */
  readonly "no-color"?: boolean;
  /** no colour (NO_COLOR is honoured too) */
  readonly noColor?: boolean;
  /** leave server and generators on any core */
  readonly "no-pin"?: boolean;
  /** leave server and generators on any core */
  readonly noPin?: boolean;
  /** compare all bytes with the kernel and a packet capture; reports no times */
  readonly "verify-wire"?: boolean;
  /** compare all bytes with the kernel and a packet capture; reports no times */
  readonly verifyWire?: boolean;
  /** end with exit code 1 when messages were lost */
  readonly strict?: boolean;
  /** what the head is measured against: scenario:<id>, target:<name>, cmd:<command line> or git:<ref>; also result:<file> of an earlier run */
  readonly base?: string | number;
  /** what is new: scenario:<id>, target:<name>, cmd:<command line> or git:<ref> */
  readonly head?: string | number;
  /** rounds, 1 to 1,000: each has a trial of the base, of the same base again, and of the head (default: 40, or as many as --budget allows) */
  readonly pairs?: string | number;
  /** leaves out the second trial of the base: faster, but nobody knows how noisy the machine was */
  readonly "no-aa"?: boolean;
  /** leaves out the second trial of the base: faster, but nobody knows how noisy the machine was */
  readonly noAa?: boolean;
  /** the verdicts as JUnit XML, a test case a rule */
  readonly junit?: string | number;
  /** the verdicts in Markdown, at most 1 MiB (default: with --github, appended to $GITHUB_STEP_SUMMARY) */
  readonly summary?: string | number;
  /** GitHub annotations on stderr of what failed or is inconclusive; on where GITHUB_ACTIONS is true */
  readonly annotations?: boolean;
  /** annotations, and the summary of the job */
  readonly github?: boolean;
  /** Servers of your own by name, for --target. */
  readonly targets?: Readonly<Record<string, {
    /** For people; the name when left out. */
    readonly title?: string;
    /** Of a server that runs already. */
    readonly url?: string;
    /** Starts the server, without a shell; texts may hold {port}, which is also in the environment as PORT. */
    readonly command?: string | (readonly string[]);
    /** Where the command runs, from the folder of this file; that folder when left out. */
    readonly cwd?: string;
    /** Run once, without a shell, in the fresh tree of a commit that "pushbench compare" checks out: npm ci. */
    readonly setup?: string | (readonly string[]);
    /** Environment variables of the command; values may hold {port}. */
    readonly env?: Readonly<Record<string, string>>;
    /** Where the started server listens on 127.0.0.1; a free port when left out. */
    readonly port?: number;
    /** How the server says that it is ready; when left out, by taking connections. */
    readonly ready?: {
      /** Ready when this address answers; it may hold {port}. */
      readonly url?: string;
      /** With url: the status of that answer; any below 400 when left out. */
      readonly status?: number;
      /** Ready when the program has printed this. */
      readonly stdout?: string;
      /** How long it may take. */
      readonly timeoutMs?: number;
    };
    /** Of a server that runs already, for its CPU and memory. */
    readonly pid?: number;
    /** How its messages get to clients. */
    readonly transport: "polling" | "longpoll" | "stream" | "sse" | "websocket" | "socketio";
    /** How a virtual client subscribes. Texts may hold {client}, its number. */
    readonly subscribe?: {
      /** Path with query of requests and upgrades; of clients that ask it may hold {cursor}. */
      readonly path?: string;
      /** Header fields, added in this order. */
      readonly headers?: Readonly<Record<string, string>>;
      /** Said as text messages, one by one, once a socket is open. */
      readonly hello?: string | (readonly string[]);
      /** Text messages of the server that are answered, word for word. */
      readonly replies?: Readonly<Record<string, string>>;
      /** Where pushbench's marker is looked for in a message. */
      readonly find?: "anywhere" | {
        /** Names and indices joined by dots, such as data.items.0.text. */
        readonly json: string;
      };
      /** What the next request of a client that asks depends on: a value of the answer before. */
      readonly cursor?: {
        /** The cursor of the first request. */
        readonly start?: string;
        /** The field of an answer that holds the next cursor. */
        readonly header?: string;
        /** Names and indices joined by dots, such as data.items.0.text. */
        readonly json?: string;
      };
    };
    /** How a message gets into the server. Texts may hold {message}. */
    readonly publish: "self" | {
      /** One HTTP request a message. */
      readonly http?: {
        /** Where, when it is not the target itself. */
        readonly url?: string;
        readonly method?: "POST" | "PUT" | "PATCH" | "GET" | "DELETE";
        /** Path with query; it may hold {message}. */
        readonly path: string;
        /** Header fields, added in this order. */
        readonly headers?: Readonly<Record<string, string>>;
        /** What is sent, with {message} in it; an object is sent as JSON. */
        readonly body?: string | Readonly<Record<string, unknown>>;
        /** Requests under way at once, at most; with 1 messages keep their order, and each waits for the answer before it. */
        readonly atOnce?: number;
      };
      /** One text message on a socket a message. */
      readonly websocket?: {
        /** Where, when it is not the target itself. */
        readonly url?: string;
        /** Path with query of the upgrade. */
        readonly path?: string;
        /** Header fields, added in this order. */
        readonly headers?: Readonly<Record<string, string>>;
        /** Said as text messages, one by one, once the socket is open. */
        readonly hello?: string | (readonly string[]);
        /** Publishing begins with the first message that begins like this; at once when left out. */
        readonly readyAt?: string;
        /** Text messages of the server that are answered, word for word. */
        readonly replies?: Readonly<Record<string, string>>;
        /** What is said, with {message} in it. */
        readonly message: string;
      };
      /** The server publishes by itself. */
      readonly self?: {
        /** The time that each message carries; without one gaps are reported and no latency. */
        readonly time?: {
          /** Names and indices joined by dots, such as data.items.0.text. */
          readonly json: string;
          readonly unit: "s" | "ms" | "us" | "iso";
        };
      };
    };
  }>>;
  /** Rules of the gate, for "compare --gate" and "gate". */
  readonly gate?: {
    /** Rules beside the default ones; one with the metric of a default rule replaces it. */
    readonly rules?: readonly ({
      /** Dotted path of a number of the measurements, such as latencyUs.p50 or wire.exchange.hit.down. */
      readonly metric: string;
      /** exact: no change at all; near: five pairs or more; noisy: ten pairs or more. */
      readonly level: "exact" | "near" | "noisy";
      /** Percent of the base by which the metric may get worse; left out or 0 of exact. */
      readonly tolerance?: number;
      /** What is better; lower when left out. */
      readonly direction?: "lower is better" | "higher is better" | "both" | "lower" | "higher";
      /** Whether the gate is inconclusive when this cannot be judged; of a comparison true when left out. */
      readonly required?: boolean;
    })[];
    /** false leaves the default rules out. */
    readonly defaults?: boolean;
    /** Of the intervals of all metrics together; 0.99 when left out. */
    readonly confidence?: number;
  };
};
