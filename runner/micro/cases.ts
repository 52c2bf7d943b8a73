import { type Content, decodeSequence, encodePayload } from '../../protocol/payload.js';
import { DOWN, Ledger } from '../../scenarios/ledger.js';
import { EventStreamParser } from '../../scenarios/wire/event-stream.js';
import { FrameParser, type FrameSink } from '../../scenarios/wire/frames.js';
import { HttpResponseParser, type ResponseSink } from '../../scenarios/wire/http-response.js';
import { encodeEvent } from '../../servers/event-stream-encoder.js';
import { encodeTextFrame } from '../../servers/websocket-frame.js';
import { DistributionTable } from '../measure/distribution-table.js';
import { DurationHistogram } from '../measure/histogram.js';
import { Recorder } from '../measure/recorder.js';

/** One small piece of the hot path. */
export interface MicroCase {
  readonly name: string;
  /** Bytes that one call works on; null where bytes do not matter. */
  readonly bytes: number | null;
  call(): void;
}

/** Payload sizes that the byte-bound pieces are measured with: the smallest, and a typical JSON document. */
const SIZES = [10, 1024] as const;

class NullSink implements FrameSink, ResponseSink {
  readonly ledger = new Ledger();
  messages = 0;
  constructor(readonly content: Content = 'text') {}
  message(): void {
    this.messages++;
  }
  control(): void {}
  head(): void {}
  body(): void {}
  chunkEnd(): void {}
  end(): void {
    this.messages++;
  }
  fault(message: string): void {
    throw new Error(`the micro-benchmark's own bytes were refused: ${message}`);
  }
}

/** The pieces, each with its own fixed input; nothing of one call is left for the next. */
export function microCases(): readonly MicroCase[] {
  const cases: MicroCase[] = [];
  for (const bytes of SIZES) {
    const payload = encodePayload(42, bytes);
    const base64 = encodeEvent({
      id: '0000000042',
      data: encodePayload(42, bytes, 'binary').toString('base64'),
    });
    const frame = encodeTextFrame(payload);
    const event = encodeEvent({ id: '0000000042', data: payload });
    const response = Buffer.concat([
      Buffer.from(
        `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${bytes}\r\nConnection: keep-alive\r\n\r\n`,
      ),
      payload,
    ]);
    const sink = new NullSink();
    const frames = new FrameParser(sink);
    const events = new EventStreamParser(sink);
    const responses = new HttpResponseParser(sink, DOWN.header);
    const base64Events = new EventStreamParser(new NullSink('binary'));
    cases.push(
      { name: 'payload encode', bytes, call: () => void encodePayload(42, bytes) },
      { name: 'payload decode', bytes, call: () => void decodeSequence(payload) },
      { name: 'frame encode', bytes, call: () => void encodeTextFrame(payload) },
      { name: 'frame parse', bytes, call: () => void frames.eat(frame, 0, frame.length) },
      { name: 'event parse', bytes, call: () => void events.eat(event, 0, event.length) },
      { name: 'base64 event parse', bytes, call: () => void base64Events.eat(base64, 0, base64.length) },
      { name: 'response parse', bytes, call: () => void responses.eat(response, 0, response.length) },
    );
  }
  const histogram = new DurationHistogram();
  let latency = 0;
  cases.push({
    name: 'histogram record',
    bytes: null,
    call: () => {
      latency = (latency + 977) % 1_000_000;
      histogram.record(latency);
    },
  });
  cases.push(...recordingCases());
  return cases;
}

/** What measuring a delivery is made of, and the whole of it. */
function recordingCases(): MicroCase[] {
  const ledger = new Ledger();
  const table = new DistributionTable(SECONDS);
  let latency = 0;
  return [
    { name: 'ledger put', bytes: null, call: () => ledger.put(DOWN.payload, 10) },
    {
      name: 'distribution record',
      bytes: null,
      call: () => {
        latency = (latency + 977) % 1_000_000;
        table.record(latency % SECONDS, latency);
      },
    },
    { name: 'delivery recorded', bytes: null, call: recordedDelivery() },
  ];
}

const SECONDS = 10;
/** Clients and messages of the recorder that is measured: each client hears each message once, then a new one hears them. */
const CLIENTS = 10_000;
const MESSAGES = 1000;

/** One delivery through the whole recorder: order, histograms, publish, second. */
function recordedDelivery(): () => void {
  const schedule = { seed: 1, phase: 'micro', arrivals: 'constant', durationSeconds: SECONDS } as const;
  let recorder: Recorder;
  let client = 0;
  let sequence = 0;
  const renew = (): void => {
    recorder = new Recorder({
      clients: CLIENTS,
      payloadBytes: 10,
      warmup: { ...schedule, ratePerSecond: 0 },
      measure: { ...schedule, ratePerSecond: MESSAGES / SECONDS },
      drainMs: 5000,
    });
    for (let each = 0; each < CLIENTS; each++) recorder.connected(each, 1);
    recorder.begin('measure', performance.now() - SECONDS * 1000);
    client = 0;
    sequence = 1;
  };
  renew();
  return () => {
    recorder.delivered(client, sequence, 10);
    if (++client < CLIENTS) return;
    client = 0;
    if (++sequence > MESSAGES) renew();
  };
}
