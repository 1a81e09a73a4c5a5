// German: what is told for some seconds above the rooms.

export const told = {
  restarted: 'Das Tillwire-Programm wurde neu gestartet; alles ist wieder da.',
  'too-large': 'Das war zu viel auf einmal, nichts davon wurde festgehalten. Bitte in kleineren Teilen.',
};
