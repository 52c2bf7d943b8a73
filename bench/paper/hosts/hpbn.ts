import { runHost } from '../../../servers/host-process.js';
import { sizedPolling } from './sized-polling.js';

// 850 bytes of headers in both directions. The book does not say how they divide: here 650 up and 200 down, of which
// status line, Date, Content-Length: 0 and the blank line are 75.
const ANSWER_BYTES = 200;
const BARE_ANSWER_BYTES = 75;
const NAME = 'X-Fields';

runHost({
  polling: sizedPolling({
    path: '/polling',
    requestBytes: 650,
    answerFields: [NAME, 'x'.repeat(ANSWER_BYTES - BARE_ANSWER_BYTES - `${NAME}: \r\n`.length)],
  }),
});
