/** A seeded source of numbers in [0, 1). The same seed gives the same numbers in every process and Node version. */
export type Random = () => number;

/**
 * sfc32 (Chris Doty-Humphrey's Small Fast Counter), seeded from one integer and a stream name.
 *
 * Different streams of one seed are independent, so that adding a consumer of randomness (a poll phase, a
 * back-off) never shifts the publish schedule.
 *
 * @param seed a whole number; only its low 53 bits count
 * @param stream what the numbers are for, such as `'schedule'`
 */
export function createRandom(seed: number, stream: string): Random {
  let hash = 0x811c9dc5;
  for (let at = 0; at < stream.length; at++) hash = Math.imul(hash ^ stream.charCodeAt(at), 0x01000193);
  let a = hash | 0;
  let b = seed | 0;
  let c = Math.floor(seed / 2 ** 32) | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // The first outputs still show the seed's structure; the author discards at least 12.
  for (let round = 0; round < 15; round++) next();
  return next;
}
