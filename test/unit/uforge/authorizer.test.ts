import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  apiKeyAuthorizer,
  basicAuthorizer,
  redactAll,
  signUri,
  uidOfLogin,
} from '../../../src/uforge/authorizer.ts';

// The key pair of the Java guide's sample code; the digest is the one in the diagram of the API guide.
const publicKey = 'PHBowFEeRxX8D9KCDGNsNYErk2GvOqIepruLEIQzGKHZowfQtSgQNmIsBGRTvk6Y_4swVIV5BAPQRzwyZ1';
const secretKey = 'b9024Ox-N5jvPqzYw8I1fYvFRuSQv9sFuNM30gNAwZ4RqY5nOt2zPdB8XyOS2hp3oKB09-XsYbNr_e4apR';
const digest = 'cc90a186e8530ab02ead6bd5ea5f9e1b9807867f';

suite('an API key', () => {
  test('signs the published sample as published, as hexadecimal text', () => {
    const signature = signUri(`users/myUser/appliances?apiKey=${publicKey}`, secretKey, 'hex');
    assert.equal(Buffer.from(signature, 'base64').toString(), digest);
    assert.equal(signature.length, 54, 'the diagram drops the padding');
  });

  test('signs the raw bytes unless told otherwise', () => {
    const { relativeUri, headers } = apiKeyAuthorizer(publicKey, secretKey).authorize(
      'users/myUser/appliances',
    );
    const url = new URL(relativeUri, 'http://host/');
    assert.equal(Buffer.from(url.searchParams.get('signature') ?? '', 'base64').toString('hex'), digest);
    assert.equal(url.searchParams.get('apiKey'), publicKey);
    assert.deepEqual(headers, {});
  });

  test('signs the query it finds, and adds to it', () => {
    const authorizer = apiKeyAuthorizer('pub', 'sec', { encoding: 'hex' });
    const { relativeUri } = authorizer.authorize('users/a%40b/images/status?img=users%2Fa');
    const signed = 'users/a%40b/images/status?img=users%2Fa&apiKey=pub';
    assert.equal(relativeUri, `${signed}&signature=${signUri(signed, 'sec', 'hex')}`);
  });
});

suite('HTTP Basic', () => {
  test('is base64 of UTF-8', () => {
    const { headers } = basicAuthorizer('élodie', 'pä:ss').authorize('status');
    const token = headers['authorization']?.replace('Basic ', '') ?? '';
    assert.equal(Buffer.from(token, 'base64').toString('utf8'), 'élodie:pä:ss');
  });

  test('refuses a login with a colon', () => {
    assert.throws(() => basicAuthorizer('a:b', 'c'), /colon/);
  });
});

test('a supervisor acts for the user after the backslash', () => {
  assert.equal(uidOfLogin('boss\\anna'), 'anna');
  assert.equal(uidOfLogin('anna@example.com'), 'anna@example.com');
});

suite('redaction', () => {
  test('takes a password out in every form it may appear in', () => {
    const authorizer = basicAuthorizer('guest', 'a&b c');
    const token = Buffer.from('guest:a&b c').toString('base64');
    const text = authorizer.redact(`a&b c | a%26b%20c | a&amp;b c | Basic ${token}`);
    assert.equal(text, '*** | *** | *** | Basic ***');
  });

  test('takes out download keys and signatures, whoever they belong to', () => {
    const text =
      'GET /x?downloadId=e662ab&apiKey=k&signature=s%3D <downloadKey>e662ab</downloadKey> {"downloadKey": "e662ab"}';
    assert.doesNotMatch(redactAll(text, []), /e662ab|=k\b|=s%3D/);
  });

  test('an authorizer shows its secrets to nobody', () => {
    for (const authorizer of [basicAuthorizer('guest', 'sesame'), apiKeyAuthorizer('public', 'sesame')]) {
      assert.doesNotMatch(
        `${JSON.stringify(authorizer)}${Object.values(authorizer).join('')}`,
        /'sesame'|"sesame"/,
      );
    }
  });
});
