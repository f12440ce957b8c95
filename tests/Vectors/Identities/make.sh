#!/bin/sh
# Creates certificates and private keys in the formats that identities are loaded from. The keys protect nothing but tests.
set -e
cd "$(dirname "$0")"
rm -f ./*.pem ./*.key ./*.p12
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
touch "$work/index.txt"
cat > "$work/ca.cnf" << END
[ca]
default_ca = section
[section]
database = $work/index.txt
new_certs_dir = $work
rand_serial = yes
policy = policy
unique_subject = no
[policy]
commonName = supplied
END

ec() { openssl genpkey -quiet -algorithm EC -pkeyopt "ec_paramgen_curve:$1" -out "$2"; }
rsa() { openssl genpkey -quiet -algorithm RSA -pkeyopt "rsa_keygen_bits:$1" -out "$2"; }

# sign NAME DIGEST EXTENSIONS END OPTIONS: signs NAME.key as CN=NAME. The certificates are valid from 2020, so that no clock matters.
sign() {
    name=$1 digest=$2 end=$4
    openssl req -new -key "$name.key" -subj "/CN=$name" -out "$work/$name.csr"
    printf '%b' "$3" > "$work/$name.ext"
    shift 4
    openssl ca -batch -notext -config "$work/ca.cnf" -md "$digest" -startdate 20200101000000Z -enddate "$end" -in "$work/$name.csr" -out "$name.pem" \
        -extfile "$work/$name.ext" "$@" 2> /dev/null
}
END=21200101000000Z
issue() { sign "$1" "$3" "$4" "${5:-$END}" -cert "$2.pem" -keyfile "$2.key"; }
self() { sign "$1" sha256 "$2" "$END" -selfsign -keyfile "$1.key"; }

CA='basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n'
LEAF='basicConstraints=critical,CA:FALSE\nsubjectAltName=DNS:bank.example\nauthorityKeyIdentifier=keyid\n'
TLS="${LEAF}keyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n"

ec P-256 root.key
self root 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n'
ec P-256 intermediate.key
issue intermediate root sha256 "$CA"
ec P-256 old.key
issue old root sha1 "$CA"
ec P-256 other.key
issue other root sha256 "$CA"

rsa 2048 rsa.key;               issue rsa intermediate sha256 "$TLS"
rsa 2048 rsa-second.key
ec P-256 p256.key;              issue p256 intermediate sha256 "$TLS"
ec P-384 p384.key;              issue p384 intermediate sha256 "$TLS"
ec P-521 p521.key;              issue p521 intermediate sha256 "$TLS"
openssl genpkey -quiet -algorithm ED25519 -out ed25519.key; issue ed25519 intermediate sha256 "$TLS"
openssl genpkey -quiet -algorithm ED25519 -out ed25519-second.key
openssl genpkey -quiet -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out pss.key; issue pss intermediate sha256 "$TLS"
openssl genpkey -quiet -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha256 -pkeyopt rsa_pss_keygen_mgf1_md:sha256 \
    -pkeyopt rsa_pss_keygen_saltlen:32 -out pss-restricted.key; issue pss-restricted intermediate sha256 "$TLS"
rsa 2048 wrapping.key;          issue wrapping intermediate sha256 "${LEAF}keyUsage=critical,keyEncipherment\nextendedKeyUsage=critical,2.25.72221760570007964515287438107178984740\n"
ec P-256 client.key;            issue client intermediate sha256 "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n"

ec P-256 below-old.key;         issue below-old old sha256 "$TLS"

# Certificates with problems.
rsa 1024 weak.key;              issue weak intermediate sha256 "$TLS"
ec secp256k1 k256.key;          issue k256 intermediate sha256 "$TLS"
openssl genpkey -quiet -algorithm ED448 -out ed448.key; issue ed448 intermediate sha256 "$TLS"
ec P-256 sha1.key;              issue sha1 intermediate sha1 "$TLS"
ec P-256 code.key;              issue code intermediate sha256 "${LEAF}keyUsage=critical,digitalSignature\nextendedKeyUsage=codeSigning\n"
ec P-256 agreement.key;         issue agreement intermediate sha256 "${LEAF}keyUsage=critical,keyAgreement\nextendedKeyUsage=serverAuth\n"
ec P-256 nameless.key;          issue nameless intermediate sha256 "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n"
ec P-256 aia.key;               issue aia intermediate sha256 "${TLS}authorityInfoAccess=caIssuers;URI:http://ca.example/ca.cer\n"
ec P-256 authority.key
self authority 'basicConstraints=critical,CA:TRUE\nsubjectAltName=DNS:bank.example\n'
ec P-256 self.key
self self 'basicConstraints=critical,CA:FALSE\nsubjectAltName=DNS:bank.example\nextendedKeyUsage=serverAuth\n'
ec P-256 expired.key;           issue expired intermediate sha256 "$TLS" 20210101000000Z

# Formats of certificates and keys.
openssl x509 -in p256.pem -trustout -addtrust serverAuth -setalias bank -out p256-trusted.pem
openssl pkey -in rsa.key -traditional -out rsa-pkcs1.key
openssl pkey -in p256.key -traditional -out p256-sec1.key
{ openssl ecparam -name prime256v1; cat p256-sec1.key; } > p256-parameters.key
openssl pkey -in p256.key -ec_param_enc explicit -out p256-explicit.key
openssl rsa -in rsa.key -traditional -aes128 -passout pass:secret -out rsa-traditional.key
openssl ec -in p256.key -aes128 -passout pass:secret -out p256-traditional.key 2> /dev/null
pkcs8() { name=$1; shift; openssl pkcs8 -topk8 -passout pass:secret "$@" -out "$name"; }
pkcs8 rsa-encrypted.key -in rsa.key
pkcs8 p256-encrypted.key -in p256.key
pkcs8 ed25519-encrypted.key -in ed25519.key
pkcs8 pss-encrypted.key -in pss.key
pkcs8 p256-aes128-sha512.key -in p256.key -v2 aes-128-cbc -v2prf hmacWithSHA512
pkcs8 p256-aes192-sha1.key -in p256.key -v2 aes-192-cbc -v2prf hmacWithSHA1
pkcs8 p256-des3.key -in p256.key -v2 des3
pkcs8 p256-scrypt.key -in p256.key -scrypt
pkcs8 p256-pbe-3des.key -in p256.key -v1 PBE-SHA1-3DES
pkcs8 p256-pbe-2des.key -in p256.key -v1 PBE-SHA1-2DES
pkcs8 p256-md5.key -in p256.key -v1 PBE-MD5-DES -provider legacy -provider default
openssl pkey -in p256.key -pubout -out p256-public.key
openssl dsaparam -genkey -noout 2048 2> /dev/null | openssl pkey -traditional -out dsa.key
openssl req -new -key p256.key -subj /CN=p256 -out p256-request.pem
openssl crl2pkcs7 -nocrl -certfile p256.pem -out p256-pkcs7.pem

# PKCS #12.
p12() { name=$1; leaf=$2; shift 2; openssl pkcs12 -export -inkey "$leaf.key" -in "$leaf.pem" -certfile intermediate.pem -name "$leaf" -passout pass:secret -out "$name.p12" "$@"; }
for leaf in rsa p256 ed25519 pss wrapping; do p12 "$leaf" "$leaf"; done
p12 p256-legacy p256 -certpbe PBE-SHA1-3DES -keypbe PBE-SHA1-3DES -macalg sha1
p12 p256-rc2 p256 -legacy
p12 p256-sha512 p256 -macalg sha512 -keypbe AES-128-CBC -certpbe AES-128-CBC
p12 p256-nomac p256 -nomac
p12 p256-plain p256 -keypbe NONE -certpbe NONE
openssl pkcs12 -export -inkey p256.key -in p256.pem -certfile intermediate.pem -passout pass: -out p256-empty.p12
openssl pkcs12 -export -nokeys -in p256.pem -passout pass:secret -out p256-nokey.p12
openssl pkcs12 -export -nocerts -inkey p256.key -passout pass:secret -out p256-nocertificate.p12
