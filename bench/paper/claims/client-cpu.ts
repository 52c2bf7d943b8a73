import { compare, quotient } from '../arithmetic.js';
import type { Claim } from '../contract.js';

export const clientCpu: Claim = {
  id: 'client-cpu',
  title: 'The load generator takes three times the CPU of the server',
  async measure(lab) {
    const clients = lab.size(1000, 50);
    const plan = { ratePerSecond: 5, durationSeconds: lab.size(8, 2), warmupSeconds: 1 };
    const cpu = async (scenario: string) =>
      (await lab.run({ scenario, clients, plan }))?.measurements.cpu ?? null;
    const longpoll = await cpu('longpoll');
    const websocket = await cpu('websocket');
    const ratio = (found: typeof longpoll) =>
      quotient(found?.generatorMicrosPerDelivery, found?.serverMicrosPerDelivery);
    return {
      source: {
        name: 'G. Wilkins, "Prelim Cometd WebSocket Benchmarks", Webtide 2011',
        url: 'https://webtide.com/prelim-cometd-websocket-benchmarks/',
      },
      theirFigure: 'The client typically takes 3 times as much CPU as the server.',
      theirWorkload:
        'A chat of 100 rooms over CometD 2.4 with 100, 1,000 and 10,000 clients, client and server on one notebook of 8 cores.',
      ourWorkload: `${clients} clients, 5 messages a second to all of them; generator and server on one machine, each on cores of its own.`,
      comparisons: [
        compare('generator CPU / server CPU, long polling', '', 3, ratio(longpoll)),
        compare('generator CPU / server CPU, WebSocket', '', 3, ratio(websocket)),
        compare('long polling, generator', 'µs a message', null, longpoll?.generatorMicrosPerDelivery),
        compare('long polling, server', 'µs a message', null, longpoll?.serverMicrosPerDelivery),
        compare('WebSocket, generator', 'µs a message', null, websocket?.generatorMicrosPerDelivery),
        compare('WebSocket, server', 'µs a message', null, websocket?.serverMicrosPerDelivery),
      ],
      findings: [],
      why: [
        'Their client is the library that applications use; ours is a raw socket with a small parser, made to stay below the server.',
        "On loopback the kernel does much of the receiver's TCP work in the sender's system call and charges it to the sender: with push that flatters the generator, and between two machines its part would be larger. It holds for their notebook as well.",
        "Histograms and the byte ledger are part of our generator's figure.",
      ],
    };
  },
};
