#!/bin/sh
# Makes the certificates of this folder anew, with keys that are then forgotten. Needs openssl 3.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
days=9000
oid=2.25.72221760570007964515287438107178984740

openssl ecparam -name secp384r1 -genkey -noout -out "$work/root.key"
openssl req -x509 -new -key "$work/root.key" -sha384 -days $days -subj "/O=Vectors/CN=Vector Root" -addext "keyUsage=critical,keyCertSign,cRLSign" -out root.pem

issue() { # name, subject, issuer, extensions, further options of x509
    printf '%s\n' "$4" > "$work/$1.cnf"
    openssl req -new -key "$work/$1.key" -subj "$2" -out "$work/$1.csr"
    name=$1 issuer=$3
    shift 4
    openssl x509 -req -in "$work/$name.csr" -CA "$issuer.pem" -CAkey "$work/$issuer.key" -days $days -extfile "$work/$name.cnf" "$@" -out "$name.pem"
}

openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out "$work/intermediate.key"
issue intermediate "/O=Vectors/CN=Vector Intermediate" root "basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign" -sha384

openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$work/wrapping.key"
wrapping="basicConstraints=critical,CA:FALSE
keyUsage=critical,keyEncipherment
extendedKeyUsage=$oid
subjectAltName=DNS:bank.example,DNS:*.branch.bank.example,IP:192.0.2.7"
issue wrapping "/CN=Vector Wrapping" intermediate "$wrapping" -sha256
cp "$work/wrapping.key" "$work/wrapping-pss.key"
issue wrapping-pss "/CN=Vector Wrapping PSS" intermediate "$wrapping" -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest
cp "$work/wrapping.key" "$work/wrapping-pss-salt.key"
issue wrapping-pss-salt "/CN=Vector Wrapping PSS salt" intermediate "$wrapping" -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:max
cp "$work/wrapping.key" "$work/wrapping-pss-sha1.key"
issue wrapping-pss-sha1 "/CN=Vector Wrapping PSS SHA-1" intermediate "$wrapping" -sha1 -sigopt rsa_padding_mode:pss
cp "$work/wrapping.key" "$work/wrapping-sha1.key"
issue wrapping-sha1 "/CN=Vector Wrapping SHA-1" intermediate "$wrapping" -sha1
cp "$work/wrapping.key" "$work/wrapping-md5.key"
issue wrapping-md5 "/CN=Vector Wrapping MD5" intermediate "$wrapping" -md5

openssl ecparam -name prime256v1 -genkey -noout -out "$work/tls.key"
tls="basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectAltName=DNS:bank.example"
issue tls "/CN=Vector TLS" intermediate "$tls" -sha256
openssl ecparam -name secp256k1 -genkey -noout -out "$work/tls-k256.key"
issue tls-k256 "/CN=Vector TLS secp256k1" intermediate "$tls" -sha256
openssl genpkey -quiet -algorithm ed25519 -out "$work/tls-ed25519.key"
issue tls-ed25519 "/CN=Vector TLS Ed25519" intermediate "$tls" -sha256
