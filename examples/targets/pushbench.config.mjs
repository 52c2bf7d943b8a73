export default {
  targets: {
    chat: {
      title: 'Chat (express, ws)',
      command: ['node', 'chat.mjs'],
      transport: 'websocket',
      subscribe: { path: '/chat', hello: '{"join":"visitor {client}"}', find: { json: 'text' } },
      publish: { http: { path: '/say', body: { text: '{message}' } } },
    },
  },
};
