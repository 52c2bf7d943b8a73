/** @type {import('pushbench/config').Config} */
export default {
  targets: {
    chat: {
      title: 'Chat (express, ws)',
      command: ['node', 'chat.mjs'],
      transport: 'websocket',
      subscribe: { path: '/chat', hello: '{"join":"visitor {client}"}', find: { json: 'text' } },
      publish: { http: { path: '/say', body: { text: '{message}' } } },
    },
    feed: {
      title: 'Feed (better-sse)',
      command: ['node', 'feed.mjs'],
      transport: 'sse',
      subscribe: { path: '/feed' },
      publish: { http: { path: '/publish', body: '{message}' } },
    },
    rooms: {
      title: 'Rooms (Socket.IO)',
      command: ['node', 'rooms.mjs'],
      transport: 'socketio',
      subscribe: { path: '/socket.io/?EIO=4&transport=websocket' },
      publish: {
        websocket: {
          path: '/socket.io/?EIO=4&transport=websocket',
          hello: '40',
          readyAt: '40',
          replies: { 2: '3' },
          message: '42["say","{message}"]',
        },
      },
    },
    inbox: {
      title: 'Inbox (long polling)',
      command: ['node', 'inbox.mjs'],
      ready: { stdout: 'ready' },
      transport: 'longpoll',
      subscribe: { path: '/inbox?after={cursor}', cursor: { json: 'next' } },
      publish: { http: { path: '/send', body: '{message}' } },
    },
    ticker: {
      title: 'Ticker (Python)',
      command: 'python3 ticker.py',
      transport: 'sse',
      subscribe: { path: '/quotes' },
      // It has a thread for each request: one after another keeps their order.
      publish: { http: { path: '/quote', body: '{message}', atOnce: 1 } },
    },
  },
};
