import { fileURLToPath } from 'node:url';

const entry = (url: URL): string => fileURLToPath(url);

/** Hosts of servers that got worse in one thing, to see that a gate notices. */
export const PLANTED_HOSTS = {
  'two more header bytes': entry(new URL('./hosts/header-host.js', import.meta.url)),
  'a lost message': entry(new URL('./hosts/losing-host.js', import.meta.url)),
  'a broadcast loop slower by 20 %': entry(new URL('./hosts/slower-20-host.js', import.meta.url)),
  'a broadcast loop slower by 30 %': entry(new URL('./hosts/slower-30-host.js', import.meta.url)),
} as const;
