import { expect, it } from 'vitest';
import { parseSockets } from './kernel-counters.js';

// Both ends of one connection, as ss of iproute2 6.1 on Linux 6.18 printed them.
const CLIENT =
  '0      0      127.0.0.1:40604 127.0.0.1:23456 bbr wscale:10,10 rto:204 rtt:0.09/0.079 ato:40 mss:32768 pmtu:65535 ' +
  'rcvmss:536 advmss:65483 cwnd:13 bytes_sent:132 bytes_acked:133 bytes_received:477 segs_out:8 segs_in:5 ' +
  'data_segs_out:3 data_segs_in:3 bbr:(bw:17476265624bps,mrtt:0.015) send 37865244444bps lastsnd:884 delivered:4 ' +
  'app_limited busy:4ms rcv_space:65495 minrtt:0.015 snd_wnd:65536 ';
const SERVER =
  '0      0      127.0.0.1:23456 127.0.0.1:40604 bbr wscale:10,10 mss:32768 pmtu:65535 rcvmss:536 bytes_sent:477 ' +
  'bytes_acked:477 bytes_received:132 segs_out:4 segs_in:8 data_segs_out:3 data_segs_in:3 delivered:4 ';

it('reads both ends of a connection', () => {
  expect(parseSockets(`${CLIENT}\n${SERVER}\n`, new Set([23456]))).toEqual({
    connections: 1,
    client: { sent: 132, acked: 133, received: 477, segmentsOut: 8, segmentsIn: 5 },
    server: { sent: 477, acked: 477, received: 132, segmentsOut: 4, segmentsIn: 8 },
    leastSegment: 32_768,
  });
});

it('does not take data_segs_out for segs_out, whichever comes first', () => {
  const swapped = CLIENT.replace(
    'segs_out:8 segs_in:5 data_segs_out:3',
    'data_segs_out:3 segs_out:8 segs_in:5',
  );
  expect(parseSockets(swapped, new Set([23456])).client.segmentsOut).toBe(8);
  expect(parseSockets(CLIENT.replace(' segs_out:8', ''), new Set([23456])).client.segmentsOut).toBe(0);
});

it('counts what was sent again only once', () => {
  const again = CLIENT.replace('bytes_sent:132', 'bytes_sent:176 bytes_retrans:44');
  expect(parseSockets(again, new Set([23456])).client.sent).toBe(132);
});

it('adds connections up and is empty without any', () => {
  const two = parseSockets([CLIENT, SERVER, CLIENT.replace(':40604', ':40606')].join('\n'), new Set([23456]));
  expect(two).toMatchObject({ connections: 2, client: { sent: 264 }, server: { sent: 477 } });
  expect(parseSockets('', new Set([23456]))).toMatchObject({ connections: 0, client: { sent: 0 } });
});
