// English: what is told for some seconds above the rooms.

export const told = {
  restarted: 'The Tillwire program was restarted; everything is here again.',
  'too-large': 'That was too much at once, and nothing of it was kept. Please do it in smaller parts.',
};
