// A server that greets as MySQL 8 does and knows nothing but how to let somebody in with caching_sha2_password, which
// MariaDB does not have: what the client proves and shows is kept in the state, and every statement is refused.
import { constants, createHash, generateKeyPairSync, privateDecrypt, randomBytes } from 'node:crypto';
import { createServer } from 'node:net';

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const xor = (bytes, key) => Buffer.from(bytes.map((byte, i) => byte ^ key[i % key.length]));
const capabilities = 0x1 | 0x2 | 0x8 | 0x200 | 0x2000 | 0x8000 | 0x20000 | 0x80000; // … 4.1, transactions, plugins
const ok = Buffer.from([0, 0, 0, 2, 0, 0, 0]);
const more = (...bytes) => Buffer.concat([Buffer.from([1]), Buffer.from(...bytes)]);

function greeting(nonce) {
  const caps = Buffer.alloc(4);
  caps.writeUInt32LE(capabilities);
  return Buffer.concat([Buffer.from('\x0a8.0.36\0'), Buffer.from([1, 0, 0, 0]), nonce.subarray(0, 8), Buffer.from([0]), caps.subarray(0, 2),
    Buffer.from([255, 2, 0]), caps.subarray(2), Buffer.from([21]), Buffer.alloc(10), nonce.subarray(8), Buffer.from('\0caching_sha2_password\0')]);
}

// `knows`: whether the server has seen the password before; otherwise it wants to see it again.
export function mysql8({ password, knows }) {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
  const state = { proved: false, shown: null };
  const listener = createServer(client => {
    const nonce = Buffer.from(randomBytes(20).map(byte => byte % 127 + 1));
    let expects = 'response', buffered = Buffer.alloc(0);
    const send = (number, body) => client.write(Buffer.concat([Buffer.from([body.length & 255, body.length >> 8, 0, number]), body]));
    const steps = {
      response(number, body) {
        const end = body.indexOf(0, 32);
        const proof = body.subarray(end + 2, end + 2 + body[end + 1]);
        const once = sha256(password);
        state.proved = proof.equals(xor(once, sha256(sha256(once), nonce)));
        if (!state.proved) return client.end();
        send(number + 1, more([knows ? 3 : 4]));
        if (!knows) return (expects = 'request');
        send(number + 2, ok);
        expects = 'statement';
      },
      request(number, body) {
        if (body.length !== 1 || body[0] !== 2) return client.end();
        send(number + 1, more(keys.publicKey));
        expects = 'secret';
      },
      secret(number, body) {
        const padding = constants.RSA_PKCS1_OAEP_PADDING;
        state.shown = xor(privateDecrypt({ key: keys.privateKey, padding }, body), nonce).toString().replace(/\0$/, '');
        send(number + 1, ok);
        expects = 'statement';
      },
      statement() { send(1, Buffer.from('\xff\x51\x04#HY000no statements here', 'latin1')); },
    };
    client.on('error', () => {});
    client.on('data', data => {
      buffered = Buffer.concat([buffered, data]);
      while (buffered.length >= 4 && buffered.length >= 4 + buffered.readUIntLE(0, 3)) {
        const size = buffered.readUIntLE(0, 3), [number, body] = [buffered[3], buffered.subarray(4, 4 + size)];
        buffered = buffered.subarray(4 + size);
        steps[expects](number, body);
      }
    });
    send(0, greeting(nonce));
  });
  return new Promise(done => listener.listen(0, '127.0.0.1', () => done(Object.assign(state, { port: listener.address().port, close: () => listener.close() }))));
}
