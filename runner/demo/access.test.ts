import { describe, expect, it } from 'vitest';
import { type Asked, refusalOf } from './access.js';

const IDENTITY = { port: 40_123, token: 'a'.repeat(32) };
const PAGE: Asked = {
  method: 'GET',
  path: '/',
  host: '127.0.0.1:40123',
  origin: undefined,
  fetchSite: 'none',
  contentType: undefined,
  token: undefined,
};
const COMMAND: Asked = {
  ...PAGE,
  method: 'POST',
  path: '/command',
  origin: 'http://127.0.0.1:40123',
  fetchSite: 'same-origin',
  contentType: 'application/json',
  token: IDENTITY.token,
};

const judge = (asked: Asked): string | null => refusalOf(asked, IDENTITY);

describe('a request to the demo', () => {
  it.each([
    ['the page, typed into the address bar', PAGE],
    ['the page by its other name', { ...PAGE, host: 'localhost:40123' }],
    ['the page, from a link that stands elsewhere', { ...PAGE, fetchSite: 'cross-site' }],
    ['the page, by a program that is no browser', { ...PAGE, fetchSite: undefined }],
    ['a file for the page', { ...PAGE, path: '/page.js', fetchSite: 'same-origin' }],
    ['a command of the page', COMMAND],
    [
      'a command of the page by its other name',
      { ...COMMAND, host: 'localhost:40123', origin: 'http://localhost:40123' },
    ],
  ])('is answered: %s', (_what, asked) => {
    expect(judge(asked)).toBeNull();
  });

  it.each([
    ['a name that was made to point here', { ...PAGE, host: 'evil.example:40123' }],
    ['such a name that looks like ours', { ...PAGE, host: '127.0.0.1.evil.example:40123' }],
    ['another port', { ...PAGE, host: '127.0.0.1:40124' }],
    ['no port', { ...PAGE, host: '127.0.0.1' }],
    ['no name', { ...PAGE, host: undefined }],
    ['the stream in a frame of another site', { ...PAGE, path: '/iframe', fetchSite: 'cross-site' }],
    ['the state of things, asked from another port', { ...PAGE, path: '/status', fetchSite: 'same-site' }],
    ['a command of another origin', { ...COMMAND, origin: 'http://evil.example' }],
    ['a command of another port', { ...COMMAND, origin: 'http://127.0.0.1:8080' }],
    ['a command of a page without an origin', { ...COMMAND, origin: 'null' }],
    ['a command that does not say where it comes from', { ...COMMAND, origin: undefined }],
    ['a command under one name from a page under the other', { ...COMMAND, host: 'localhost:40123' }],
    ['a command as a form sends it', { ...COMMAND, contentType: 'text/plain' }],
    ['a command without a token', { ...COMMAND, token: undefined }],
    ['a command with a wrong token', { ...COMMAND, token: 'b'.repeat(32) }],
    ['a command with half a token', { ...COMMAND, token: 'a'.repeat(16) }],
    ['a command with a token that is no ASCII', { ...COMMAND, token: '\u0161'.repeat(32) }],
  ])('is refused with a sentence: %s', (_what, asked) => {
    expect(judge(asked)).toMatch(/^[A-Z].*\.$/);
  });

  it('may leave the port out where it is the one of HTTP', () => {
    const asked = { ...PAGE, host: '127.0.0.1' };
    expect(refusalOf(asked, { ...IDENTITY, port: 80 })).toBeNull();
  });
});
