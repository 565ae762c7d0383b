import assert from 'node:assert/strict';
import { IncomingMessage, type IncomingHttpHeaders } from 'node:http';
import { Socket } from 'node:net';
import { suite, test } from 'node:test';
import { dto } from '../../../src/forge/api/http/answer.ts';
import { Shortcut, type Given } from '../../../src/forge/api/http/shortcut.ts';

const url = '/api/users/jo/images/status';
const credentials = { authorization: 'Basic am86c2VzYW1l', accept: 'application/xml' };

function request(headers: IncomingHttpHeaders = credentials, method = 'GET', path = url): IncomingMessage {
  return Object.assign(new IncomingMessage(new Socket()), { method, url: path, headers });
}

function given(): Given {
  return {
    answer: dto('statuses', { total: 0, statuses: [] }),
    mediaType: 'application/xml',
    lastChanged: undefined,
  };
}

suite('the short way', () => {
  test('is for the very same request only', () => {
    const shortcut = new Shortcut(() => '1');
    const key = shortcut.keyOf(request());
    assert.ok(key);
    assert.equal(shortcut.keyOf(request()), key);
    assert.equal(shortcut.keyOf(request(credentials, 'HEAD')), key, 'the same answer without its body');
    const others = [
      request({ ...credentials, authorization: 'Basic am86d3Jvbmc=' }),
      request({ accept: 'application/xml' }),
      request({ authorization: credentials.authorization }),
      request({ ...credentials, accept: 'application/json' }),
      request(credentials, 'GET', `${url}?img=1`),
      request({ accept: `${credentials.authorization}\n${credentials.accept}` }),
    ];
    assert.equal(new Set([key, ...others.map((other) => shortcut.keyOf(other))]).size, others.length + 1);
    assert.ok(!key.includes('am86'), 'no credentials are kept');
    assert.notEqual(new Shortcut(() => '1').keyOf(request()), key, 'and what is kept is of no use elsewhere');
  });

  test('is not for what changes something, waits or has a body', () => {
    const shortcut = new Shortcut(() => '1');
    assert.equal(shortcut.keyOf(request(credentials, 'DELETE')), undefined);
    assert.equal(shortcut.keyOf(request({ ...credentials, prefer: 'wait=5' })), undefined);
    assert.equal(shortcut.keyOf(request({ ...credentials, 'content-length': '3' })), undefined);
    assert.equal(shortcut.keyOf(request({ ...credentials, 'transfer-encoding': 'chunked' })), undefined);
    shortcut.begin(undefined)(given());
    assert.equal(shortcut.find(undefined), undefined);
  });

  test('ends with any change, also with one made while the credentials were checked', () => {
    let revision = 1;
    const shortcut = new Shortcut(() => String(revision));
    const key = shortcut.keyOf(request());
    const answer = given();
    shortcut.begin(key)(answer);
    assert.equal(shortcut.find(key), answer);
    revision = 2;
    assert.equal(shortcut.find(key), undefined);
    const keep = shortcut.begin(key);
    revision = 3;
    keep(answer);
    assert.equal(shortcut.find(key), undefined);
  });
});
