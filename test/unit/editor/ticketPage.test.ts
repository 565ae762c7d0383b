import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { elapsedOf, formatDuration } from '../../../src/editor/images/durations.ts';
import { stageBars } from '../../../src/editor/images/ticketPage/stageBars.ts';
import { ticketHtml, type TicketPageContent } from '../../../src/editor/images/ticketPage/ticketHtml.ts';
import { ticket } from '../tickets/support.ts';

const content: TicketPageContent = {
  title: 'nginx 1.0 · VirtualBox',
  subtitle: 'local forge',
  state: { name: 'running', label: 'Running', mark: '↻' },
  actions: [],
  stages: [],
  sections: [],
  words: {
    stages: 'Stages',
    progress: 'Progress',
    actions: 'Actions',
    more: 'More',
    noStages: 'Nothing yet.',
  },
};

suite('the HTML of a ticket’s page', () => {
  test('shows what others have written as text, wherever it stands', () => {
    const evil = `"><img src=x onerror='alert(1)'>&`;
    const html = ticketHtml({
      title: evil,
      subtitle: evil,
      state: { name: 'failed', label: evil, mark: '✗' },
      percentage: 5,
      error: { message: evil, detail: evil },
      actions: [{ command: evil, label: evil, primary: true }],
      stages: [{ name: evil, duration: evil, from: 0, share: 100, state: 'failed' }],
      sections: [
        { title: evil, rows: [[evil, evil]], text: evil },
        { title: evil, none: evil },
      ],
      words: { stages: evil, progress: evil, actions: evil, more: evil, noStages: evil },
    });
    assert.doesNotMatch(html, /<img|onerror='/);
    assert.match(html, /&quot;&gt;&lt;img src=x onerror=&#39;alert\(1\)&#39;&gt;&amp;/);
  });

  test('has a bar only while there is progress, and a failure only when it failed', () => {
    assert.doesNotMatch(ticketHtml(content), /<progress|id="failure"/);
    assert.match(ticketHtml({ ...content, percentage: 42 }), /<progress [^>]*value="42"/);
    assert.match(
      ticketHtml({ ...content, error: { message: 'No.' } }),
      /role="alert"><p>No\.<\/p><\/section>/,
    );
  });

  test('has three buttons; what else can be done is behind another one', () => {
    const action = (label: string) => ({ command: label, label });
    const few = ticketHtml({ ...content, actions: ['a', 'b', 'c'].map(action) });
    assert.doesNotMatch(few, /<details/);
    const many = ticketHtml({ ...content, actions: ['a', 'b', 'c', 'd', 'e'].map(action) });
    const [shown = '', more = ''] = many.split('<details><summary>More</summary>');
    assert.deepEqual([shown.match(/<button/g)?.length, more.match(/<button/g)?.length], [3, 2]);
  });

  test('says what there is not', () => {
    const html = ticketHtml({ ...content, sections: [{ title: 'File', none: 'There is no file.' }] });
    assert.match(html, /<p class="none">Nothing yet\.<\/p>/);
    assert.match(html, /<p class="none">There is no file\.<\/p>/);
  });
});

suite('the stages of a ticket’s page', () => {
  const begun = Date.UTC(2026, 0, 1, 12);
  const at = (seconds: number): string => new Date(begun + seconds * 1000).toISOString();
  const stages = [
    { name: 'Fetching packages', at: at(0) },
    { name: 'Building', at: at(30) },
  ];
  const shares = (bars: ReturnType<typeof stageBars>) =>
    bars.map(({ name, duration, from, share, state }) => [name, duration, from, share, state]);

  test('take the time the server measured, and for the one that goes on the time since it was seen', () => {
    const log = '== Fetching packages ==\n-- Fetching packages: 10.0 s --\n== Building ==\n';
    const bars = stageBars(ticket({ state: 'running', stages }), log, begun + 60_000);
    assert.deepEqual(shares(bars), [
      ['Fetching packages', '0:10', 0, 25, 'ended'],
      ['Building', '0:30', 25, 75, 'running'],
    ]);
  });

  test('take the time they were seen where a server keeps no log; the last of a failure failed', () => {
    const bars = stageBars(ticket({ state: 'failed', stages, finished: at(40) }), undefined, begun + 99_000);
    assert.deepEqual(shares(bars), [
      ['Fetching packages', '0:30', 0, 75, 'ended'],
      ['Building', '0:10', 75, 25, 'failed'],
    ]);
  });

  test('are none when nobody has seen any, and share nothing when no time has passed', () => {
    assert.deepEqual(stageBars(ticket(), '', begun), []);
    const [bar] = stageBars(ticket({ state: 'running', stages: stages.slice(0, 1) }), '', begun);
    assert.deepEqual([bar?.duration, bar?.share], ['0:00', 0]);
  });
});

suite('durations', () => {
  test('are minutes and seconds, with hours when there are any', () => {
    const said = [0, 5_400, 65_000, 3_599_600, 7_389_000, -1].map(formatDuration);
    assert.deepEqual(said, ['0:00', '0:05', '1:05', '1:00:00', '2:03:09', '0:00']);
  });

  test('end with the generation', () => {
    const created = new Date(0).toISOString();
    const finished = new Date(5000).toISOString();
    assert.equal(elapsedOf(ticket({ state: 'running', created }), 9000), 9000);
    assert.equal(elapsedOf(ticket({ state: 'done', created, finished }), 9000), 5000);
  });
});
