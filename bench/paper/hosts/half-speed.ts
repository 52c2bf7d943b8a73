import { runHost } from '../../../servers/host-process.js';
import { noteRequest } from '../../../servers/loop-activity.js';
import { servers } from '../../../servers/registry.js';
import { runAtHalfSpeed } from '../half-speed.js';

// The reference servers on a processor that seems half as fast. What is late because of it is the server's, as if it had
// answered requests meanwhile.
runAtHalfSpeed(noteRequest);
runHost(servers);
