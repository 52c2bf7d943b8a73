import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Content } from '../../protocol/payload.js';
import { DOWN } from '../ledger.js';
import { drawing, expectSameAtEveryCut, feed, hurt, noise, wire } from '../testing/pieces.js';
import { layers, RecordingSink } from '../testing/recording-sink.js';
import { marked } from '../testing/wire-format.js';
import { PACKET, type Packet, PacketParser, type PacketSink } from './engine-io-packets.js';

/** A sink that also remembers other packets, and how long those were that brought messages. */
class PacketRecorder extends RecordingSink implements PacketSink {
  readonly packets: [packet: Packet, bytes: number][] = [];
  packet(packet: Packet, bytes: number): void {
    this.packets.push([packet, bytes]);
  }
}

/** Reads packets one after another, each cut in pieces; what is eaten is framing first, as its owner sees to. */
function read(packets: readonly Buffer[], cuts: readonly number[] = [], content: Content = 'text') {
  const sink = new PacketRecorder(content);
  const parser = new PacketParser(sink);
  let before = 0;
  for (const packet of packets) {
    const own = cuts.map((cut) => cut - before).filter((cut) => cut > 0 && cut < packet.length);
    before += packet.length;
    feed(packet, own, '"]\\\x1e42', (buffer, start, end) => {
      sink.ledger.put(DOWN.framing, end - start);
      parser.eat(buffer, start, end);
      return true;
    });
    parser.end();
  }
  if (sink.eaten !== before) throw new Error(`${sink.eaten} of ${before} bytes are in the ledger`);
  const { messages, packets: others, faults, down } = sink;
  return { messages, packets: others, faults, down, openText: parser.openText };
}

const event = (payload: string): Buffer => Buffer.from(`42${JSON.stringify(['message', payload])}`);

/** The same, with everything escaped that is not ASCII, as some encoders do. */
const escaped = (payload: string): Buffer =>
  wire(
    event(payload)
      .toString()
      .replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );

function expectFault(packet: string, about: RegExp): void {
  const bytes = wire(packet);
  const whole = expectSameAtEveryCut(bytes, (cuts) => read([bytes], cuts));
  expect(whole.messages).toEqual([]);
  expect(whole.faults).toHaveLength(1);
  expect(whole.faults[0]).toMatch(about);
}

describe('PacketParser', () => {
  it('reads a message of ours, and leaves 16 bytes around it as framing', () => {
    const packet = event(marked(7, 33));
    const whole = expectSameAtEveryCut(packet, (cuts) => read([packet], cuts));
    expect(whole).toMatchObject({ messages: [[7, 33]], packets: [], faults: [] });
    expect(whole.down).toEqual(layers({ payload: 33, framing: 16 }));
  });

  it.each([
    ['1', PACKET.close],
    ['2', PACKET.ping],
    ['3probe', PACKET.probed],
    ['3', PACKET.other],
    ['3prove', PACKET.other],
    ['3probes', PACKET.other],
    ['5', PACKET.other],
    ['6', PACKET.noop],
    ['40', PACKET.connect],
    ['40{"sid":"lAEe_-09azAZ"}', PACKET.connect],
    ['41', PACKET.disconnect],
    ['44{"message":"no"}', PACKET.refused],
    ['431["an acknowledgement"]', PACKET.other],
    ['42["news","0000000001"]', PACKET.other],
    ['42/admin,["message","0000000001"]', PACKET.other],
    ['42["message",{"text":"0000000001"}]', PACKET.other],
  ])('knows %s for what it is', (text, packet) => {
    const bytes = wire(text);
    const whole = expectSameAtEveryCut(bytes, (cuts) => read([bytes], cuts));
    expect(whole).toMatchObject({ messages: [], packets: [[packet, text.length]], faults: [] });
    expect(whole.down).toEqual(layers({ framing: text.length }));
  });

  it('keeps the text of an open packet, up to a bound', () => {
    const text = '{"sid":"abc","upgrades":["websocket"],"pingInterval":15000,"pingTimeout":20000}';
    const bytes = wire(`0${text}`);
    const whole = expectSameAtEveryCut(bytes, (cuts) => read([bytes], cuts));
    expect(whole).toMatchObject({ packets: [[PACKET.open, bytes.length]], openText: text });
    const endless = read([wire(`0${'x'.repeat(100_000)}`)]);
    expect(endless.faults).toEqual(['an open packet is longer than 1024 bytes']);
    expect(endless.openText.length).toBeLessThanOrEqual(1024);
  });

  it('takes no notice of arguments behind the message, such as the offset of a state recovery', () => {
    const packet = wire(`42["message","${marked(3, 12)}","bz0P","x]"]`);
    const whole = expectSameAtEveryCut(packet, (cuts) => read([packet], cuts));
    expect(whole).toMatchObject({ messages: [[3, 12]], faults: [] });
  });

  it('reads base64 of binary content, and notes what it adds', () => {
    const payload = Buffer.from(`${marked(5, 10)}\x00\xff"\\\x1e`, 'latin1');
    const packet = event(payload.toString('base64'));
    const whole = expectSameAtEveryCut(packet, (cuts) => read([packet], cuts, 'binary'));
    expect(whole.messages).toEqual([[5, 15]]);
    expect(whole.down).toEqual(layers({ payload: 15, framing: 16 + 5 }));
  });

  it('counts the bytes of any text as they were before JSON escaped them, for every split', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(400), { maxLength: 12 }),
        fc.constantFrom(event, escaped),
        (texts, cuts, encode) => {
          const wellFormed = texts.map((text) => Buffer.from(text).toString());
          const packets = wellFormed.map((text, at) => encode(marked(at + 1, 10) + text));
          const sorted = [...cuts].sort((a, b) => a - b);
          const { messages, faults, down } = read(packets, sorted);
          const sizes = wellFormed.map((text) => 10 + Buffer.byteLength(text));
          expect(faults).toEqual([]);
          expect(messages).toEqual(sizes.map((size, at) => [at + 1, size]));
          const payload = sizes.reduce((a, b) => a + b);
          const total = packets.reduce((sum, { length }) => sum + length, 0);
          expect(down).toEqual(layers({ payload, framing: total - payload }));
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    ['', /empty/],
    ['4', /too soon/],
    ['42', /too soon/],
    ['42["mess', /too soon/],
    ['42["message","0000000001', /too soon/],
    ['42["message","0000000001"', /too soon/],
    ['42["message","0000000001",', /too soon/],
    ['42["message","0000000001\\', /too soon/],
    ['42["message","0000000001\\u00', /too soon/],
    ['42["message","0000000001\\u00g0"]', /hexadecimal/],
    ['42["message","0000000001"x]', /behind its string/],
    ['451-["message",{"_placeholder":true,"num":0}]', /binary/],
    ['bAAECAw==', /no type of Engine/],
    ['7', /no type of Engine/],
    ['<html>', /no type of Engine/],
    ['4x', /no type of Socket/],
  ])('refuses %j', (packet, about) => expectFault(packet, about));

  it('is silent after a fault until it is reset', () => {
    const { faults, messages } = read([wire('x'), event(marked(1, 10)), wire('x')]);
    expect([faults.length, messages]).toEqual([1, []]);
  });

  it('survives whatever it is fed, and keeps the books', () => {
    const random = drawing(4);
    const good = Buffer.concat([event(marked(1, 20)), event('a\\"\u001e\n')]);
    for (let times = 0; times < 2000; times++) {
      const bytes = times % 2 === 0 ? hurt(random, good) : noise(random, 30);
      const { down } = read([bytes], [3, 9, 17]);
      expect(Math.min(...Object.values(down))).toBeGreaterThanOrEqual(0);
    }
  });
});
