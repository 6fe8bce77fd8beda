// An issuer of tokens and an authorizer for tests: keys made on the spot, served over HTTP or HTTPS.
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';

const kinds = {
  RS256: ['rsa', { modulusLength: 2048 }, 'sha256', {}],
  PS256: ['rsa', { modulusLength: 2048 }, 'sha256', { padding: 6, saltLength: 32 }],
  ES256: ['ec', { namedCurve: 'P-256' }, 'sha256', { dsaEncoding: 'ieee-p1363' }],
  ES384: ['ec', { namedCurve: 'P-384' }, 'sha384', { dsaEncoding: 'ieee-p1363' }],
  EdDSA: ['ed25519', {}, null, {}],
};
const base64url = value => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
export const now = () => Math.floor(Date.now() / 1000);

export class SigningKey {
  constructor(kid, alg = 'RS256') {
    const [type, options] = kinds[alg];
    Object.assign(this, { kid, alg, ...generateKeyPairSync(type, options) });
  }
  jwk() { return { ...this.publicKey.export({ format: 'jwk' }), kid: this.kid, alg: this.alg, use: 'sig' }; }
  token(claims, header = {}) {
    const text = `${base64url({ alg: this.alg, kid: this.kid, ...header })}.${base64url(claims)}`;
    const [, , digest, options] = kinds[this.alg];
    return `${text}.${sign(digest, Buffer.from(text), { key: this.privateKey, ...options }).toString('base64url')}`;
  }
}
export const unsignedToken = claims => `${base64url({ alg: 'none' })}.${base64url(claims)}.`;
export function hmacToken(claims, secret, kid) {
  const text = `${base64url({ alg: 'HS256', kid })}.${base64url(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

// Answers { '/path': body or (request body) => body }; counts requests.
export class WebServer {
  static async start(answers, { tls } = {}) {
    const server = new WebServer();
    Object.assign(server, { answers, requests: [], stalled: false });
    const handle = async (request, response) => {
      let body = '';
      for await (const part of request) body += part;
      server.requests.push({ path: request.url, body });
      if (server.stalled) return; // it is never answered
      const answer = server.answers[request.url];
      const value = typeof answer === 'function' ? answer(body ? JSON.parse(body) : undefined) : answer;
      response.writeHead(value === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(value ?? {}));
    };
    server.http = tls ? createTlsServer(tls, handle) : createServer(handle);
    await new Promise(done => server.http.listen(0, '127.0.0.1', done));
    server.url = `${tls ? 'https' : 'http'}://127.0.0.1:${server.http.address().port}`;
    return server;
  }
  stop() { this.http.closeAllConnections(); return new Promise(done => this.http.close(done)); }
}

// An issuer whose key set is `keys`.
export async function startIssuer(keys, options) {
  const issuer = await WebServer.start({}, options);
  issuer.rotate = list => (issuer.answers['/.well-known/jwks.json'] = { keys: list.map(key => key.jwk()) });
  issuer.rotate(keys);
  issuer.claims = (changes = {}) => ({ iss: issuer.url, sub: 'ann', exp: now() + 600, iat: now(), ...changes });
  return issuer;
}
