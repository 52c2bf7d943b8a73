import { describe, expect, it } from 'vitest';
import { nearest } from './suggest.js';

const words = ['polling', 'longpoll', 'iframe', 'sse', 'websocket'];

describe('nearest', () => {
  it.each([
    ['poling', 'polling'],
    ['pollnig', 'polling'],
    ['SSE', 'sse'],
    ['ssse', 'sse'],
    ['web', 'websocket'],
    ['websockets', 'websocket'],
    ['ifrmae', 'iframe'],
  ])('%s is near %s', (word, meant) => expect(nearest(word, words)).toBe(meant));

  it.each(['', 'x', 'grpc', 'constructor', 'a'.repeat(1000)])('%s is near nothing', (word) => {
    expect(nearest(word, words)).toBeNull();
  });
});
