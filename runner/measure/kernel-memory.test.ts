import { describe, expect, it } from 'vitest';
import { kernelMemoryReason, parseSlabinfo, parseSockstat, readKernelMemory } from './kernel-memory.js';

const SLABINFO = `slabinfo - version: 2.1
# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab>
tw_sock_TCP        50468  50768    256   16    1 : tunables    0    0    0 : slabdata   3173   3173      0
TCPv6                 13     13   2496   13    8 : tunables    0    0    0 : slabdata      1      1      0
TCP                  100    169   2368   13    8 : tunables    0    0    0 : slabdata     13     13      0
eventpoll_epi        100  10976    128   32    1 : tunables    0    0    0 : slabdata    343    343      0
sock_inode_cache     100    304    832   19    4 : tunables    0    0    0 : slabdata     16     16      0
filp                1200   1302    192   21    1 : tunables    0    0    0 : slabdata     62     62      0
dentry             65000  65331    192   21    1 : tunables    0    0    0 : slabdata   3111   3111      0
kmalloc-8k            36     36   8192    4    8 : tunables    0    0    0 : slabdata      9      9      0
`;
const SOCKSTAT = 'sockets: used 33\nTCP: inuse 9 orphan 0 tw 50345 alloc 9 mem 199\nUDP: inuse 0 mem 7\n';

const files =
  (contents: Record<string, string>) =>
  (path: string): string | null =>
    contents[path] ?? null;

describe('the memory of the kernel', () => {
  it('is 3,712 bytes a socket on Linux 6.18, however many files and directories others have open', () => {
    expect(parseSlabinfo(SLABINFO)).toBe(100 * 3712);
  });

  it('is read from the slab where that can be read', () => {
    const both = files({ '/proc/slabinfo': SLABINFO, '/proc/net/sockstat': SOCKSTAT });
    expect(readKernelMemory(both)).toEqual({ source: 'slabinfo', bytes: 371_200 });
    expect(kernelMemoryReason(readKernelMemory(both))).toBeNull();
  });

  it('is what is queued where the slab is not for us, and says that this is not all', () => {
    const found = readKernelMemory(files({ '/proc/net/sockstat': SOCKSTAT }));
    expect(found).toEqual({ source: 'sockstat', bytes: 199 * 4096 });
    expect(kernelMemoryReason(found)).toContain('root only');
  });

  it('is not known where neither can be read or has another form, with the reason', () => {
    expect(readKernelMemory(files({}))).toBeNull();
    expect(
      readKernelMemory(files({ '/proc/slabinfo': 'x', '/proc/net/sockstat': 'TCP: inuse 9' })),
    ).toBeNull();
    expect(kernelMemoryReason(null)).toContain('neither');
    expect(parseSockstat('')).toBeNull();
  });
});
