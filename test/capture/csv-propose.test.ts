// Unknown files of receipts in many styles: what is proposed captures the figures that a person would read in them.
import { expect, test } from 'vitest';
import { asked, captured, lines, proposed } from './proposals.ts';

test('German: semicolons, decimal commas, thousands, Windows letters, a till, days that begin anew', async () => {
  const text = lines(
    'Kasse;Bon-Nr.;Datum;Uhrzeit;Artikelnr.;Bezeichnung;Menge;Einzelpreis;Gesamtpreis',
    '1;17;28.10.2026;09:15;K-250;Bergkäse "alt";2;1.499,50;2.999,00',
    '1;17;28.10.2026;09:15;B-01;Brötchen;3;0,45;1,35',
    '2;17;28.10.2026;09:16;Ö-7;Öl;1;7,99;7,99',
    '1;17;29.10.2026;08:01;B-01;Brötchen;1;0,45;0,45',
  );
  const bytes = Buffer.from(text, 'latin1');
  const proposal = await proposed('Kassenbericht Oktober.csv', bytes);
  expect(proposal.unread).toEqual({ rows: 0, reasons: [] });
  expect(proposal.mapping).toMatchObject({
    name: 'kassenbericht-oktober',
    encoding: 'windows-1252',
    timeFormat: 'dd.MM.yyyy HH:mm',
    receiptScope: 'day',
    currency: 'EUR',
    till: { column: 'Kasse' },
  });
  const { result, contents } = await captured(proposal, bytes);
  expect(result).toMatchObject({ rows: 4, rowsCaptured: 4, receipts: 3, sales: 3 });
  expect(contents[0]).toMatchObject({
    occurred: '2026-10-28T09:15:00+01:00',
    total: 300_035,
    lines: expect.arrayContaining([
      expect.objectContaining({ description: 'Bergkäse "alt"', quantity: 2_000, amount: 299_900 }),
    ]),
  });
});

test('tabs and American dates and times: the month first, because a day is over 12', async () => {
  const text = lines(
    'Register\tTransaction ID\tDate\tItem\tQty\tPrice',
    '4\tT-900\t11/9/2026 2:05 PM\tMUG\t2\t4.50',
    '4\tT-901\t11/21/2026 11:30 AM\tTEA\t1\t1,250.00',
  );
  const proposal = await proposed('sales.tsv', text, 'America/New_York');
  expect(proposal.mapping).toMatchObject({
    delimiter: '\t',
    timeFormat: 'M/d/yyyy h:mm a',
    currency: 'USD',
    thousandsSeparator: ',',
  });
  const { contents } = await captured(proposal, text);
  expect(contents).toMatchObject([
    { workstation: '4', receipt: 'T-900', occurred: '2026-11-09T14:05:00-05:00', total: 900 },
    { receipt: 'T-901', occurred: '2026-11-21T11:30:00-05:00', total: 125_000 },
  ]);
});

test('day and month that nothing tells apart are asked, and the shop decides which is tried', async () => {
  const text = lines('ticket|date|ref|qte', '1|03/04/2026 10:00|A|1', '2|05/06/2026 11:00|B|2');
  const french = await proposed('ventes.csv', text, 'Europe/Paris');
  expect(french.mapping).toMatchObject({ delimiter: '|', timeFormat: 'dd/MM/yyyy HH:mm' });
  expect(french.questions.find(({ setting }) => setting === 'timeFormat')?.question).toContain('MM/dd/yyyy HH:mm');
  const american = await proposed('ventes.csv', text, 'America/Chicago');
  expect(american.mapping).toMatchObject({ timeFormat: 'MM/dd/yyyy HH:mm' });
  expect(asked(american)).toContain('timeFormat');
});

test('no header: receipt, article, quantity, price and amount are told by their values', async () => {
  const rows = Array.from({ length: 60 }, (_, nth) => {
    const [units, price] = [1 + (nth % 3), 150 + nth * 7];
    const sku = `SH${1_000 + ((nth * 37) % 23)}-${nth % 2 === 0 ? 'X' : 'Y'}`;
    return `${5_000 + Math.floor(nth / 3)},2026-11-${String(3 + Math.floor(nth / 15)).padStart(2, '0')} 10:${String(nth % 60).padStart(2, '0')}:00,${sku},Red shoe no ${nth},${units},${(price / 100).toFixed(2)},${((price * units) / 100).toFixed(2)}`;
  });
  const proposal = await proposed('export.csv', lines(...rows));
  expect(proposal.mapping).toMatchObject({
    header: ['receipt', 'time', 'sku', 'description', 'quantity', 'unitPrice', 'amount'],
    columns: {
      receipt: 'receipt',
      sku: 'sku',
      quantity: 'quantity',
      unitPrice: 'unitPrice',
      amount: 'amount',
      time: 'time',
    },
  });
  const { result } = await captured(proposal, lines(...rows));
  expect(result).toMatchObject({ rows: 60, rowsCaptured: 60, receipts: 20 });
});

test('line ends and delimiters in quotes, French names, a byte order mark', async () => {
  const text = `\ufeff${lines(
    '"N° ticket","Caisse","Date heure","Code article","Libellé","Quantité","Prix unitaire TTC"',
    '"8001","2","2026-11-20T10:15:00","A-1","Savon, ""doux""\nde Marseille","2","3.50"',
    '"8002","2","2026-11-20T10:20:00","A-2","Bougie","1","12.00"',
  )}`;
  const proposal = await proposed('caisse.csv', text, 'Europe/Paris');
  expect(proposal.unread.rows).toBe(0);
  const { contents } = await captured(proposal, text);
  expect(contents).toMatchObject([
    {
      workstation: '2',
      receipt: '8001',
      total: 700,
      lines: [{ description: 'Savon, "doux" de Marseille', quantity: 2_000 }],
    },
    { receipt: '8002', total: 1_200 },
  ]);
});

test('seconds since 1970 and prices in cents', async () => {
  const text = lines(
    'receipt_id,ts,sku,quantity,price_cents',
    '1,1763630100,A,2,299',
    '1,1763630100,B,1,1250',
    '2,1763633700,A,1,299',
  );
  const proposal = await proposed('pos.csv', text);
  expect(proposal.mapping).toMatchObject({ timeFormat: 'epoch-seconds', minorUnits: true });
  const { contents } = await captured(proposal, text);
  expect(contents).toMatchObject([{ occurred: '2025-11-20T09:15:00+00:00', total: 1_848 }, { total: 299 }]);
});

test('negative quantities are returns, and asked', async () => {
  const text = lines(
    'scontrino;data;ora;codice articolo;quantità;prezzo',
    '1;21/11/2026;09:00;A;2;1,50',
    '2;21/11/2026;09:30;A;-1;1,50',
    '3;21/11/2026;10:00;B;1;5,00',
    '3;21/11/2026;10:00;A;-1;1,50',
  );
  const proposal = await proposed('vendite.csv', text, 'Europe/Rome');
  expect(proposal.mapping).toMatchObject({ returns: { negativeQuantity: true }, timeFormat: 'dd/MM/yyyy HH:mm' });
  expect(asked(proposal)).toContain('returns');
  const { contents } = await captured(proposal, text);
  expect(contents).toMatchObject([
    { kind: 'sale', total: 300 },
    { kind: 'return', total: -150, lines: [{ quantity: 1_000 }] },
    { kind: 'sale', total: 350 },
  ]);
});

test('GTINs as the only article, apostrophes between thousands, a column of currencies', async () => {
  const text = lines(
    'Belegnr;Zeitpunkt;EAN;Anzahl;Betrag;Währung',
    "R-1;2026-11-20 10:00;4006381333931;2;1'300.50;CHF",
    'R-2;2026-11-20 10:05;7610032065613;1;3.20;CHF',
  );
  const proposal = await proposed('zuerich.csv', text, 'Europe/Zurich');
  expect(proposal.mapping).toMatchObject({ columns: { sku: 'EAN' }, currency: 'CHF', thousandsSeparator: "'" });
  expect(asked(proposal)).not.toContain('currency');
  const { contents } = await captured(proposal, text);
  expect(contents).toMatchObject([{ total: 130_050, lines: [{ sku: '4006381333931' }] }, { total: 320 }]);
});
