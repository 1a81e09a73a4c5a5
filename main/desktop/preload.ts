// Between page and main: passes the agent's port on, and the sentence that says why there is none. Sandboxed, bundled.
import { contextBridge, ipcRenderer } from 'electron';
import { AGENT_PORT, isAgentTrouble } from '../../protocol/local/desktop-page.ts';

// A page that could reach Node gets nothing from here (S23).
if (!process.sandboxed || !process.contextIsolated) throw new Error('This window is not shut off from the computer.');

ipcRenderer.on(AGENT_PORT, ({ ports }, told: unknown) => {
  const [port] = ports;
  if (port !== undefined) return window.postMessage(AGENT_PORT, location.origin, [port]);
  if (isAgentTrouble(told)) window.postMessage(told, location.origin);
});
contextBridge.exposeInMainWorld('desktop', { requestAgentPort: () => ipcRenderer.send(AGENT_PORT) });
