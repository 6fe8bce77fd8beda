// Passes bytes between a server and its database, and does to them what goes wrong on the way.
import { connect, createServer } from 'node:net';

// target: { host, port } or { path }. The state may be changed at any time:
//   cutAfter  bytes of answers after which both ends are closed
//   delay     milliseconds each way
// and trips counts how often something was asked after the answer before it: round trips, of all connections.
export function proxy(target) {
  const state = { cutAfter: Infinity, delay: 0, trips: 0, sockets: new Set() };
  // In order, whatever the delay was for what came before.
  const later = () => {
    let last = null;
    return action => {
      if (state.delay === 0 && last === null) return action();
      const due = new Promise(done => setTimeout(done, state.delay));
      const mine = (last = Promise.all([last, due]).then(action).then(() => { if (last === mine) last = null; }));
    };
  };
  const listener = createServer({ noDelay: true }, client => {
    const upstream = connect({ ...target, noDelay: true });
    const there = later(), back = later();
    let seen = 0, asked = false;
    for (const socket of [client, upstream]) { state.sockets.add(socket); socket.on('error', () => {}).on('close', () => state.sockets.delete(socket)); }
    client.on('data', d => { if (!asked) state.trips++; asked = true; there(() => upstream.write(d)); });
    upstream.on('data', d => back(() => {
      asked = false;
      if (seen + d.length > state.cutAfter) { client.write(d.subarray(0, Math.max(0, state.cutAfter - seen)), () => { client.destroy(); upstream.destroy(); }); return; }
      seen += d.length; client.write(d);
    }));
    client.on('close', () => upstream.destroy()); upstream.on('close', () => back(() => client.destroy()));
  });
  return new Promise(done => listener.listen(0, '127.0.0.1', () => done(Object.assign(state, { port: listener.address().port,
    cut() { for (const s of state.sockets) s.destroy(); }, close() { listener.close(); state.cut(); } }))));
}
