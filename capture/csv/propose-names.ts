// What columns are called in six languages: English, German, French, Spanish, Italian, Dutch.
import type { FileMovementKind } from './mapping-stock.ts';

/** `store` and `kind` are looked for, too; the others are columns of a mapping. */
export type Role =
  | 'receipt'
  | 'document'
  | 'sheet'
  | 'sku'
  | 'gtin'
  | 'quantity'
  | 'counted'
  | 'expected'
  | 'unitPrice'
  | 'amount'
  | 'time'
  | 'till'
  | 'store'
  | 'customer'
  | 'operator'
  | 'description'
  | 'kind'
  | 'reason'
  | 'counterparty'
  | 'order'
  | 'transfer'
  | 'counter'
  | 'begun'
  | 'businessDate';

const words = (text: string): string[] => text.split(' ');

/** Words without accents, spaces and signs: "N° de ticket" is "ndeticket". */
const NAMES: Record<Role, string[]> = {
  receipt: words(
    'receipt receiptno receiptnr receiptnumber receiptid invoice invoiceno invoicenumber invoiceid ticket ticketno ticketnumber ticketid transaction transactionid transactionno transactionnumber transno saleid saleno salenumber bill billno checkno ordernumber orderid orderno ' +
      'bon bonnr bonnummer beleg belegnr belegnummer kassenbon kassenbonnr rechnung rechnungsnr rechnungsnummer quittung vorgang vorgangsnr ' +
      'numeroticket numticket nticket ndeticket nticketdecaisse facture numerofacture nfacture recu numrecu ' +
      'factura nfactura numfactura numerofactura numeroticket recibo nrecibo numerodeticket ' +
      'scontrino nscontrino numeroscontrino ricevuta fattura kassabon kassabonnr factuur factuurnummer factuurnr bonnumero',
  ),
  document: words(
    'document documentno documentnumber documentid docno docnumber deliverynote deliverynoteno delivery deliveryno grn movement movementid movementno voucher voucherno ' +
      'lieferschein lieferscheinnr lieferscheinnummer beleg belegnr belegnummer dokument dokumentnr bewegungsnr buchungsnr bonlivraison bondelivraison nbl mouvement nmouvement albaran nalbaran numalbaran documento ndocumento bolla nbolla ddt nddt pakbon pakbonnr leverbon leverbonnr documentnr',
  ),
  sheet: words(
    'sheet sheetno sheetnumber countid countno countsheet stocktake stocktakeid stocktakeno inventory inventoryid inventoryno ' +
      'zahlliste zahllistennr zaehlliste zaehllistennr inventur inventurnr inventurnummer inventaire ninventaire inventario ninventario conteo conta telling tellijst telnr tellijstnr',
  ),
  sku: words(
    'sku skucode item itemno itemnumber itemcode itemid product productid productcode productno productnumber article articleno articlenumber articlecode stockcode code plu pluno partno material ' +
      'artnr artikel artikelnr artikelnummer artikelcode artikelid art ware warennr ' +
      'reference ref refarticle codearticle codeproduit produit referencia articulo codarticulo codigo codigoarticulo producto codproducto ' +
      'codart codicearticolo codice articolo prodotto codprodotto productcode',
  ),
  gtin: words(
    'ean ean13 eancode gtin upc upccode barcode barcodes strichcode codebarre codebarres gencod codigobarras codigodebarras codiceabarre codicebarre streepjescode',
  ),
  quantity: words(
    'quantity qty quantities units unit pieces pcs quantitysold qtysold soldquantity menge anzahl stk stuck stueck stuckzahl stueckzahl quantite qte nombre cantidad cant unidades uds quantita qta pezzi aantal hoeveelheid stuks',
  ),
  counted: words(
    'counted countedquantity countedqty qtycounted found onhand actual gezahlt gezaehlt gezahltemenge istmenge istbestand ist zahlmenge zaehlmenge comptee compte quantitecomptee stockcompte contado contada cantidadcontada contata contato quantitacontata geteld geteldaantal',
  ),
  expected: words(
    'expected expectedquantity expectedqty ordered orderedquantity qtyordered announced soll sollmenge bestellt bestellmenge bestellteMenge erwartet attendu attendue qtecommandee commandee quantitecommandee esperada esperado pedida cantidadpedida attesa attesi ordinata quantitaordinata verwacht besteld',
  ),
  unitPrice: words(
    'price unitprice priceeach itemprice salesprice retailprice einzelpreis epreis preis vk vkpreis stuckpreis stueckpreis prix prixunitaire prixunit pu puttc prixttc precio preciounitario preciounidad pvp prezzo prezzounitario prezzoun prijs stukprijs eenheidsprijs',
  ),
  amount: words(
    'amount lineamount linetotal total totalprice totalamount extendedprice gross grossamount value salesvalue subtotal betrag summe gesamt gesamtpreis gesamtbetrag umsatz zeilenbetrag brutto bruttobetrag positionsbetrag montant montantttc totalttc totalligne importe importetotal totallinea total importo totale totaleriga importoriga bedrag totaal regelbedrag totaalbedrag',
  ),
  time: words(
    'time datetime timestamp date invoicedate receiptdate soldat createdat created occurred occurredat transactiondate transactiontime saledate saletime ts when countedat countdate deliverydate ' +
      'zeit zeitpunkt datum datumzeit datumuhrzeit uhrzeit verkaufsdatum bondatum bonzeit buchungsdatum belegdatum lieferdatum zahldatum zeitstempel ' +
      'heure dateheure dateticket datevente horodatage fecha fechahora hora fechaventa data dataora ora datavendita tijd tijdstip datumtijd verkoopdatum',
  ),
  till: words(
    'till tillid tillno register registerid registerno terminal terminalid pos posid posno workstation workstationid cashdesk cashregister lane station device deviceid kasse kassennr kassennummer kassenid kassenplatz caisse ncaisse numcaisse numerocaisse caja ncaja numerocaja tpv cassa ncassa numerocassa kassa kassanr kassanummer',
  ),
  store: words(
    'store storeid storeno storenumber shop shopid branch branchid location outlet filiale filialnr filialnummer markt magasin nmagasin boutique tienda sucursal negozio puntovendita winkel filiaal winkelnr',
  ),
  customer: words(
    'customer customerid customerno customernumber client clientid clientno member memberid membercard loyaltyid loyaltycard buyer buyerid kunde kundennr kundennummer kundenid kundenkarte nclient numclient codeclient cliente idcliente codcliente ncliente klant klantnr klantnummer klantid',
  ),
  operator: words(
    'cashier cashierid operator operatorid clerk clerkid employee employeeid user userid staff salesperson seller bediener bedienernr kassierer kassiererin verkaufer verkaeufer mitarbeiter caissier caissiere vendeur employe cajero cajera vendedor empleado cassiere operatore venditore kassier medewerker verkoper',
  ),
  description: words(
    'description itemdescription productdescription name itemname productname articlename title text producttitle bezeichnung artikelbezeichnung artikeltext artikelname warenbezeichnung designation libelle libellearticle nomproduit descripcion nombreproducto nombrearticulo denominacion descrizione descrizionearticolo omschrijving artikelomschrijving naam artikelnaam productnaam',
  ),
  kind: words(
    'type kind art movementtype transactiontype doctype documenttype direction vorgangsart bewegungsart bewegung buchungsart typ belegart typemouvement typedemouvement sens tipo tipomovimiento tipodemovimiento movimiento causale tipomovimento soort mutatiesoort',
  ),
  reason: words(
    'reason reasoncode comment note remark grund buchungsgrund bemerkung motif raison commentaire motivo razon nota reden opmerking',
  ),
  counterparty: words(
    'supplier suppliername vendor vendorname from fromstore to tostore destination lieferant lieferantenname empfanger fournisseur destinataire proveedor destino fornitore destinatario leverancier bestemming',
  ),
  order: words(
    'purchaseorder purchaseorderno po ponumber pono bestellnr bestellnummer bestellung commande ncommande numcommande pedido npedido ordine nordine bestelling bestelnr bestelnummer orderref',
  ),
  transfer: words(
    'transfer transferid transferno transfernumber umlagerung umlagerungsnr umlagerungsnummer transfert ntransfert traspaso ntraspaso trasferimento ntrasferimento overboeking overboekingsnr',
  ),
  counter: words(
    'counter countedby area zone shelf bin zahler zaehler bereich lagerort lagerplatz regal compteur emplacement rayon zona ubicacion contador ubicazione reparto corsia locatie teller schap',
  ),
  begun: words(
    'begun began started startedat starttime beginn zahlbeginn zaehlbeginn debut heuredebut inicio horainicio inizio orainizio begin begintijd',
  ),
  businessDate: words(
    'businessdate businessday tradingday tradingdate buchungstag geschaftstag geschaeftstag kassentag datecomptable journeecomptable fechacontable datacontabile boekdatum boekingsdatum',
  ),
};

/** Small letters and digits only, accents taken off. */
export const plainName = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/ß/g, 'ss')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');

/** Capitals, spaces and signs end a word: "invoiceNo", "Bon-Nr." */
const wordsOf = (name: string): string[] =>
  name
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .split(/[^\p{L}\p{M}\d]+/u)
    .map(plainName)
    .filter((word) => word !== '');

const BY_NAME = new Map<string, Role[]>();
for (const [role, names] of Object.entries(NAMES) as [Role, string[]][]) {
  for (const name of names) {
    const plain = plainName(name);
    BY_NAME.set(plain, [...new Set([...(BY_NAME.get(plain) ?? []), role])]);
  }
}

/** Only of these one word among several tells: "Date of sale", "Menge verkauft". */
const WORD_LENGTH_MIN = 3;

/** 10 where the name is known, 6 where one of its words is; of a path in JSON its end counts. */
export function nameScores(name: string): Map<Role, number> {
  const scores = new Map<Role, number>();
  const note = (plain: string, score: number): void => {
    for (const role of BY_NAME.get(plain) ?? []) scores.set(role, Math.max(scores.get(role) ?? 0, score));
  };
  const segments = name.split('.');
  note(plainName(name), 10);
  note(plainName(segments.at(-1) ?? ''), 10);
  note(plainName(segments.slice(-2).join('')), 10);
  // "till.id", "article.code": the property before says what it is of.
  if (segments.length > 1 && /^(id|no|nr|number|code|ref)$/i.test(segments.at(-1) ?? '')) {
    scores.clear();
    note(plainName(segments.at(-2) ?? ''), 9);
    note(plainName(segments.slice(-2).join('')), 10);
  }
  for (const word of wordsOf(segments.at(-1) ?? '')) if (word.length >= WORD_LENGTH_MIN) note(word, 6);
  return scores;
}

/** Words of amounts that are counted in the small unit. */
export const namesMinorUnits = (name: string): boolean =>
  wordsOf(name).some((word) =>
    /^(cents?|centimes?|centimos?|centesimi|cts?|pence|minor|minorunits?|rappen|ore)$/.test(word),
  );

const KINDS: Record<FileMovementKind, string[]> = {
  'goods-received': words(
    'in received receiving receipt goodsreceived goodsreceipt goodsin grn delivery delivered purchase we wareneingang zugang eingang lieferung reception entree livraison achat entrada recepcion compra carico entrata arrivo acquisto ontvangst levering inslag inkoop',
  ),
  adjustment: words(
    'adjustment adjust adj correction corr loss lost damage damaged waste shrinkage breakage broken theft writeoff inventory korrektur bestandskorrektur bruch verlust schwund abschreibung verderb diebstahl ajustement correctionstock casse perte demarque vol ajuste merma rotura perdida robo rettifica rottura perdita scarto furto correctie breuk derving afschrijving diefstal',
  ),
  'transfer-sent': words(
    'transferout transfersent out sent shipped issue umlagerungab umlagerungausgang abgang ausgang umlagerungraus transfertsortant transfertsortie sortie expedition salida traspasosalida envio uscita trasferimentouscita scarico uit overboekinguit verzonden verzending',
  ),
  'transfer-received': words(
    'transferin transferreceived umlagerungzu umlagerungeingang umlagerungzugang umlagerungrein transfertentrant transfertentree traspasoentrada trasferimentoentrata overboekingin',
  ),
};

export function kindNamed(value: string): FileMovementKind | null {
  const plain = plainName(value);
  const found = (Object.entries(KINDS) as [FileMovementKind, string[]][]).find(([, names]) => names.includes(plain));
  return found?.[0] ?? null;
}

const NOT_GOODS = new Set(
  words(
    'post postage porto versand versandkosten shipping carriage freight delivery livraison fraisdeport envio gastosenvio spedizione verzending verzendkosten manual discount rabatt remise descuento sconto korting fee fees gebuehr gebuhr frais commission commissie voucher gutschein geschenkgutschein giftcard gift chequecadeau vale buono cadeaubon deposit pfand leergut consigne fianza cauzione statiegeld service servizio servicio charges charge tip trinkgeld pourboire propina mancia fooi donation spende don samples rounding rundung arrondi redondeo arrotondamento afronding debt carrierbag',
  ),
);

/** Whether one word of a code or description says that it is no goods. */
export const namesNoGoods = (text: string): boolean =>
  wordsOf(text).some((word) => NOT_GOODS.has(word)) || NOT_GOODS.has(plainName(text)) || /fee$/i.test(text);
