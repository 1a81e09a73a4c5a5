// German: the field into which an article is typed or scanned.
import { counted } from './counted.ts';

export const articles = {
  label: 'Artikel scannen oder eintippen',
  hint: 'Der Scanner geht jederzeit. Die Eingabetaste übernimmt.',
  found: (count: number) =>
    count === 0 ? 'Kein Artikel gefunden' : counted(count, 'Artikel gefunden', 'Artikel gefunden'),
  choose: (text: string) =>
    `Wählen Sie unten einen Artikel, oder drücken Sie noch einmal die Eingabetaste, um „${text}“ so zu übernehmen.`,
  unknown: (text: string) => `„${text}“ ist hier nicht bekannt. Es wird so übernommen: bitte prüfen.`,
  notAnArticle: (text: string) => `Kein Artikel heißt „${text}“. Tippen Sie die Nummer oder einen Teil des Namens.`,
  noAnswer: 'Das Programm hat nicht geantwortet. Bitte noch einmal scannen.',
  option: (sku: string, name: string | null) => (name === null ? sku : `${name}, ${sku}`),
};
