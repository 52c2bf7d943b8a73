import { type OutgoingHttpHeader, ServerResponse } from 'node:http';
import { runHost } from '../../../servers/host-process.js';
import { servers } from '../../../servers/registry.js';

// Two more header bytes in every answer with a message: blanks that mean nothing, as a library's update may bring them.
const { writeHead } = ServerResponse.prototype;
ServerResponse.prototype.writeHead = function (
  this: ServerResponse,
  status: number,
  headers?: OutgoingHttpHeader[],
) {
  const longer = headers?.map((text) =>
    typeof text === 'string' ? text.replace('text/plain; charset', 'text/plain;   charset') : text,
  );
  return writeHead.call(this, status, longer as never);
} as typeof writeHead;

runHost(servers);
