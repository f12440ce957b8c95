// A peer with Node's TLS. The command line is described in tests/Interop/README.md: node peer.js serve|connect ...
'use strict';
const tls = require('node:tls');
const fs = require('node:fs');

const options = {};
const targets = [];
const flags = ['--echo', '--www', '--client-auth'];
for (let i = 3; i < process.argv.length; i++) {
  const word = process.argv[i];
  if (!word.startsWith('--')) targets.push(word);
  else options[word] = flags.includes(word) ? true : process.argv[++i];
}

const say = value => process.stdout.write(JSON.stringify(value) + '\n');
const read = name => options[name] && fs.readFileSync(options[name]);
const common = {
  cert: read('--cert'), key: read('--key'), ca: read('--ca'), minVersion: 'TLSv1.3', ALPNProtocols: options['--alpn']?.split(','),
  ecdhCurve: options['--groups'] ?? 'auto', ciphers: options['--suites'], allowHalfOpen: true,
};

// Writes one line for each session when it is closed.
function report(socket) {
  let end = null;
  let received = 0;
  socket.on('data', chunk => { received += chunk.length; });
  socket.on('end', () => { end ??= 'close_notify'; });
  socket.on('error', failure => { end = failure.message; });
  const facts = {};
  const note = () => Object.assign(facts, { protocol: socket.getProtocol(), suite: socket.getCipher()?.standardName, alpn: socket.alpnProtocol || null, resumed: socket.isSessionReused() });
  socket.encrypted && socket.alpnProtocol !== undefined && socket.getProtocol() ? note() : socket.on('secureConnect', note);
  return new Promise(resolve => socket.on('close', () => { say({ ...facts, received, end: end ?? 'truncated' }); resolve(); }));
}

function serve() {
  const server = tls.createServer({ ...common, requestCert: options['--client-auth'] ?? false }, socket => {
    report(socket);
    if (options['--www']) {
      let request = '';
      socket.on('data', chunk => {
        request += chunk;
        if (request.includes('\r\n\r\n')) socket.end(`HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n${socket.getCipher().standardName}\n`);
      });
    } else {
      socket.pipe(socket);
    }
  });
  server.on('tlsClientError', failure => say({ end: failure.message }));
  if (options['--keylog']) server.on('keylog', line => fs.appendFileSync(options['--keylog'], line));
  server.listen(Number(options['--port']), '127.0.0.1', () => say({ listening: server.address().port }));
}

// Sends bytes while it receives the echo, half-closes the connection and waits for the peer's close_notify.
function bulk(socket, size) {
  const sent = Buffer.alloc(size, i => i);
  for (let i = 0; i < size; i++) sent[i] = (i * 7 + (i >> 8)) & 255;
  const chunks = [];
  let count = 0;
  socket.on('data', chunk => {
    chunks.push(chunk);
    count += chunk.length;
    if (count >= size) {
      if (!Buffer.concat(chunks).equals(sent)) socket.destroy(new Error('the echo differs from the sent bytes'));
      else if (!socket.writableEnded) socket.end();
    }
  });
  for (let i = 0; i < size; i += 50_000) socket.write(sent.subarray(i, Math.min(i + 50_000, size)));
}

async function connect(target) {
  const split = target.lastIndexOf(':');
  const host = target.slice(0, split);
  let session;
  for (let i = 0; i < Number(options['--times'] ?? 1); i++) {
    const socket = tls.connect({ ...common, host, port: Number(target.slice(split + 1)), servername: options['--name'] ?? host, session });
    socket.on('session', ticket => { session = ticket; });
    if (options['--keylog']) socket.on('keylog', line => fs.appendFileSync(options['--keylog'], line));
    const done = report(socket);
    socket.on('secureConnect', () => {
      if (options['--bulk']) bulk(socket, Number(options['--bulk']));
      else if (options['--get']) socket.write(`GET ${options['--get']} HTTP/1.0\r\n\r\n`);
      else socket.end(options['--send'] ?? 'hello\n');
    });
    socket.on('end', () => socket.end());
    await done;
  }
}

if (process.argv[2] === 'serve') serve();
else (async () => { for (const target of targets) await connect(target); })();
