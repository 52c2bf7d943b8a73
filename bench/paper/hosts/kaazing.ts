import { runHost } from '../../../servers/host-process.js';
import { servers } from '../../../servers/registry.js';
import { sizedPolling } from './sized-polling.js';

// The exchange that "Quantum Leap" prints: 716 bytes of request head, 193 of answer head around 21 bytes of news.
runHost({
  ...servers,
  polling: sizedPolling({
    path: '/PollingStock//PollingStock',
    requestBytes: 716,
    answerFields: [
      'X-Powered-By',
      'Servlet/2.5',
      'Server',
      'Sun Java System Application Server 9.1_02',
      'Content-Type',
      'text/html;charset=UTF-8',
    ],
  }),
});
