// Head office's proof that it holds a receipt: in words, in figures, and as a file to keep.
import type { JSX } from 'preact';
import type { ReceiptLife, SettledProof } from '../../../protocol/local/receipt-life.ts';
import { moment } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { words } from '../../kit/words.ts';
import { saveFile } from '../this-pc/save-file.ts';

const say = words.life;

/** What somebody else needs to check it: the receipt's own digests, the frame as it was signed, and the key. */
export const proofFile = (life: ReceiptLife, proof: SettledProof): string => {
  const { key, epoch, seq, content, chain, recordedMs, settledMs } = life;
  const receipt = { key, epoch, seq, content, chain, recordedMs, settledMs };
  const { frame, publicKey, signatureHolds, chainHolds } = proof;
  const file = { receipt, confirmed: JSON.parse(frame) as unknown, publicKey, signatureHolds, chainHolds };
  return `${JSON.stringify(file, null, 2)}\n`;
};

const base64Of = (text: string): string =>
  btoa([...new TextEncoder().encode(text)].map((byte) => String.fromCharCode(byte)).join(''));

function Figures({ life, proof }: { life: ReceiptLife; proof: SettledProof }): JSX.Element {
  const isGood = proof.signatureHolds && proof.chainHolds;
  const rows: [string, string][] = [
    [say.upTo, `${proof.seq} (${life.seq})`],
    [say.print64, proof.chain],
    ...(proof.digest === null ? [] : [[say.digest, proof.digest] satisfies [string, string]]),
    [say.keyId, proof.keyId],
    [say.signedAt, moment(proof.signedMs, 0)],
    [say.signature, proof.signatureHolds ? say.valid : say.invalid],
  ];
  return (
    <>
      <p class={isGood ? undefined : 'life-bad'}>{isGood ? say.proofGood : say.proofBad}</p>
      <dl class="life-proof">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <button
        type="button"
        onClick={() => saveFile({ name: say.fileName(life.number), base64: base64Of(proofFile(life, proof)) })}
      >
        {say.save}
      </button>
    </>
  );
}

export function Proof({ life }: { life: ReceiptLife }): JSX.Element {
  const { proof } = life;
  return (
    <details>
      <summary>
        <Icon name="chevron" />
        {say.proof}
      </summary>
      {proof === null ? <p>{say.proofNone}</p> : <Figures life={life} proof={proof} />}
    </details>
  );
}
