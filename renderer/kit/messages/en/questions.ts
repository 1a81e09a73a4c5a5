// English: what a person is asked, by type: the words of the law itself.
import { EXCEPTIONS, type ExceptionType } from '../../../../core/exception.ts';

export type QuestionWords = { title: string; nextStep: string; options: Record<string, string> };

export const questions = Object.fromEntries(
  Object.entries(EXCEPTIONS).map(([type, { title, nextStep, options }]) => [type, { title, nextStep, options }]),
) as unknown as Record<ExceptionType, QuestionWords>;
