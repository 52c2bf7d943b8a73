import { runHost } from '../../../servers/host-process.js';
import { servers } from '../../../servers/registry.js';
import { allSlowed } from './slowed.js';

// A broadcast loop that takes 20 % more CPU.
runHost(allSlowed(servers, 0.2));
