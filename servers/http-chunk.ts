const CRLF = Buffer.from('\r\n', 'latin1');

/**
 * One chunk of the chunked transfer coding (RFC 9112, 7.1): length in lower-case hex, CRLF, data, CRLF.
 *
 * Its framing is hexdigits(length) + 4 bytes.
 *
 * @param data not empty: an empty chunk would end the response
 */
export function encodeChunk(data: Buffer): Buffer {
  if (data.length === 0) throw new RangeError('an empty chunk ends the response');
  return Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`, 'latin1'), data, CRLF]);
}
