// Somebody picks a file in the store window and sees what it would become, in words.
import { expect, test } from 'vitest';
import { linesText, saleLine } from '../capture/feeds.ts';
import { needChromium } from '../needs.ts';
import { scene } from './scenes.ts';
import { overEachLine, violations } from './window-test.ts';

const chromium = needChromium();
const file = (name: string, text: string) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(text),
});

overEachLine(chromium, 'trying a file', ({ open }) => {
  test('shows what would be kept and what would not, by mouse and by keyboard', async () => {
    const { page, complaints } = await open(scene('online'), undefined, '#set-aside');
    const card = page.getByRole('region', { name: 'Try a file' });
    await card.getByRole('heading', { name: 'Try a file' }).click();
    await card.getByRole('button', { name: 'Show what it would become' }).press('Enter');
    await card.getByRole('status').filter({ hasText: 'Pick a file first.' }).waitFor();
    await card.getByLabel('File', { exact: true }).setInputFiles(file('day.jsonl', linesText(saleLine('77'), 'x')));
    await card.getByLabel('What it is').selectOption('One document a line (JSON)');
    await card.getByRole('button', { name: 'Show what it would become' }).click();
    await card.getByText('2 in the file: 1 would be kept, 0 are there twice, 1 would be set aside').waitFor();
    await card.getByRole('row').filter({ hasText: 'Sale 77' }).filter({ hasText: '2.5 × A' }).waitFor();
    await card.getByText('line 2: The line is not valid JSON').waitFor();
    expect(await violations(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('a table needs its mapping; settings that cannot be used are told by field', async () => {
    const { page } = await open(scene('online'), undefined, '#set-aside');
    const card = page.getByRole('region', { name: 'Try a file' });
    await card.getByRole('heading', { name: 'Try a file' }).click();
    await card.getByLabel('File', { exact: true }).setInputFiles(file('day.csv', 'a,b\n1,2\n'));
    await card.getByLabel('What it is').selectOption('Table (CSV) or other, with a mapping');
    const start = card.getByRole('button', { name: 'Show what it would become' });
    await start.click();
    await card.getByText('Pick the mapping file too').waitFor();
    await card.getByLabel('Mapping file').setInputFiles(file('mapping.json', '{"name":"Shop Export"}'));
    await start.click();
    await card.getByText('use 1 to 40 small letters').waitFor();
  });

  test('a file of many pieces is read to its end, and all of it is counted', async () => {
    const { page } = await open(scene('online'), undefined, '#set-aside');
    const card = page.getByRole('region', { name: 'Try a file' });
    await card.getByRole('heading', { name: 'Try a file' }).click();
    const lines = Array.from({ length: 4_000 }, (_, nth) => saleLine(String(nth)));
    await card.getByLabel('File', { exact: true }).setInputFiles(file('year.jsonl', linesText(...lines)));
    await card.getByLabel('What it is').selectOption('One document a line (JSON)');
    await card.getByRole('button', { name: 'Show what it would become' }).click();
    await card.getByText('4,000 in the file: 4,000 would be kept').waitFor();
    await card.getByText('Only the first 500 are shown here; all are counted.').waitFor();
  });

  test('a program that goes away meanwhile is told, and nothing hangs', async () => {
    const { page, agent } = await open(scene('online'), undefined, '#set-aside');
    const card = page.getByRole('region', { name: 'Try a file' });
    await card.getByRole('heading', { name: 'Try a file' }).click();
    await card.getByLabel('File', { exact: true }).setInputFiles(file('day.jsonl', linesText(saleLine('77'))));
    await agent.stop();
    await page.getByText('This window lost the Tillwire program').first().waitFor();
    await card.getByRole('button', { name: 'Show what it would become' }).click();
    await card.getByText('The file could not be tried').waitFor();
  });
});
