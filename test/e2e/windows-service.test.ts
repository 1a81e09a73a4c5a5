// The service on Windows, as far as it can be looked at without Windows: the task's XML, the scripts, the installer's part.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { needProgram } from '../needs.ts';
import { temporaryFolder } from '../temporary.ts';
import { run } from './packed.ts';

const folder = resolve(import.meta.dirname, '../../build/install/windows');
const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8');
const makensis = needProgram('makensis', { packageName: 'nsis' });

/** Every element with text, by its path: the whole task in the words of its schema. Throws where it is not well-formed. */
function elementsOf(xml: string): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  const open: string[] = [];
  let words = '';
  const parser = new SaxesParser({ xmlns: true });
  parser.on('opentag', ({ name, uri }) => {
    expect(uri).toBe('http://schemas.microsoft.com/windows/2004/02/mit/task');
    open.push(name);
    words = '';
  });
  parser.on('text', (text) => {
    words += text;
  });
  parser.on('closetag', () => {
    const path = open.join('.').replace(/^Task\./, '');
    if (words.trim() !== '') found[path] = [...(found[path] ?? []), words.trim()];
    words = '';
    open.pop();
  });
  parser.write(xml).close();
  return found;
}

describe('the task', () => {
  const task = elementsOf(textOf('tillwire-agent.xml'));

  test('starts with the PC, and again within a minute however it ended', () => {
    expect(task).toMatchObject({
      'Triggers.BootTrigger.Enabled': ['true'],
      'Triggers.TimeTrigger.Enabled': ['true'],
      'Triggers.TimeTrigger.Repetition.Interval': ['PT1M'],
      'Settings.MultipleInstancesPolicy': ['IgnoreNew'],
      'Settings.RestartOnFailure.Interval': ['PT1M'],
      'Settings.StartWhenAvailable': ['true'],
    });
    expect(task['Triggers.TimeTrigger.Repetition.Duration']).toBeUndefined();
  });

  test('runs without anyone logged in, as an account without rights, for as long as the PC runs', () => {
    expect(task).toMatchObject({
      'Principals.Principal.UserId': ['S-1-5-19'],
      'Principals.Principal.RunLevel': ['LeastPrivilege'],
      'Settings.ExecutionTimeLimit': ['PT0S'],
      'Settings.DisallowStartIfOnBatteries': ['false'],
      'Settings.StopIfGoingOnBatteries': ['false'],
      'Settings.RunOnlyIfIdle': ['false'],
      'Settings.RunOnlyIfNetworkAvailable': ['false'],
    });
    expect(Object.keys(task).filter((path) => path.includes('LogonTrigger'))).toEqual([]);
  });

  test('is still a task once the script put the paths in, whatever they hold', () => {
    const places = [...textOf('tillwire-agent.xml').matchAll(/%([A-Z]+)%/g)].map(([, name = '']) => name);
    const filled = [...textOf('install.ps1').matchAll(/Replace\('%([A-Z]+)%', (\(.*\))\)/g)];
    expect(filled.map(([, name]) => name).sort()).toEqual([...new Set(places)].sort());
    const escaped = filled.filter(([, name]) => name !== 'PORT');
    expect(escaped.filter(([, , value = '']) => !value.includes('$escape'))).toEqual([]);
    const values: Record<string, string> = {
      PROGRAM: 'C:\\Program Files\\Tillwire &amp; more',
      DATA: 'C:\\ProgramData\\Tillwire',
      PORT: '7070',
      MORE: ' --mirror &quot;D:\\second&quot;',
    };
    const xml = textOf('tillwire-agent.xml').replaceAll(/%([A-Z]+)%/g, (_all, name: string) => values[name] ?? '');
    expect(elementsOf(xml)).toMatchObject({
      'Actions.Exec.Command': ['C:\\Program Files\\Tillwire & more\\resources\\node\\node.exe'],
      'Actions.Exec.Arguments': [
        '"C:\\Program Files\\Tillwire & more\\resources\\agent\\tillwire.js" agent ' +
          '--data "C:\\ProgramData\\Tillwire\\data" --window-file "C:\\ProgramData\\Tillwire\\window\\window.json" ' +
          '--port 7070 --mirror "D:\\second"',
      ],
    });
  });
});

test('no script deletes anything of the data folder', () => {
  for (const name of ['install.ps1', 'uninstall.ps1', 'installer.nsh']) {
    expect(textOf(name)).not.toMatch(/Remove-Item|\bdel\b|rmdir|RMDir|Delete /i);
  }
});

test('an installer that breaks off leaves no store without its agent', () => {
  const text = textOf('uninstall.ps1');
  expect(text).toContain('{ Set-Again; Disable-ScheduledTask -TaskName $task');
  expect(text).toContain('AddMinutes(10)');
  expect(textOf('install.ps1')).toContain('Unregister-ScheduledTask -TaskName "$task again"');
});

test('only the service and administrators get at the data, whoever logs in finds the window', () => {
  const rights = Object.fromEntries(
    [...textOf('install.ps1').matchAll(/Set-Rights \$(\w+) @\((.*)\)/g)].map(([, name = '', list = '']) => [
      name,
      [...list.matchAll(/\$\{(\w+)\}:([^"]+)/g)].map(([, who, what]) => `${who} ${what}`),
    ]),
  );
  const ours = ['system (OI)(CI)F', 'administrators (OI)(CI)F'];
  expect(rights).toEqual({
    base: [...ours, 'service RX', 'users RX'],
    data: [...ours, 'service (OI)(CI)M'],
    window: [...ours, 'service (OI)(CI)M', 'users (OI)(CI)RX'],
    Mirror: [...ours, 'service (OI)(CI)M'],
  });
});

/** What electron-builder's own script has around ours. */
const around = (program: string): string => `Unicode true
!include x64.nsh
!include LogicLib.nsh
!define APP_EXECUTABLE_FILENAME "Tillwire.exe"
!macro _isUpdated _a _b _t _f
  !insertmacro _== 1 1 \`\${_t}\` \`\${_f}\`
!macroend
!define isUpdated '"" isUpdated ""'
!include "${join(folder, 'installer.nsh')}"
Name t
OutFile "${program}"
InstallDir "$PROGRAMFILES64\\Tillwire"
Function .onInit
  !insertmacro customInit
FunctionEnd
Section x
  !insertmacro customInstall
  WriteUninstaller "$INSTDIR\\u.exe"
SectionEnd
Function un.onInit
  !insertmacro customUnInit
FunctionEnd
Section un.x
SectionEnd
`;

test.skipIf(makensis === null)("NSIS compiles the installer's part", async () => {
  const work = temporaryFolder();
  const [script, program] = [join(work, 'around.nsi'), join(work, 'around.exe')];
  writeFileSync(script, around(program));
  const said = await run(makensis ?? '', '-WX', script);
  expect(said.out + said.err).not.toMatch(/error|warning/i);
  expect(said.code).toBe(0);
  expect(statSync(program).size).toBeGreaterThan(10_000);
});
