// The peer of the portal's bench: fastify as it comes, with one page of so many octets. Its port is the first line it says.
import fastify from 'fastify';

const octets = Buffer.alloc(Number(process.argv[2] ?? 0), 'a');
const app = fastify({ logger: false });
app.get('/', (_, reply) => reply.type('text/html; charset=utf-8').send(octets));
await app.listen({ host: '127.0.0.1', port: 0, listenTextResolver: () => '' });
const address = app.server.address();
console.log(typeof address === 'object' ? address?.port : '');
