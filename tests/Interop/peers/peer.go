// A peer with Go's crypto/tls. The command line is described in tests/Interop/README.md: peer serve|connect ...
package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
)

var options = map[string]string{}

func main() {
	var targets []string
	for i := 2; i < len(os.Args); i++ {
		word := os.Args[i]
		if !strings.HasPrefix(word, "--") {
			targets = append(targets, word)
		} else if word == "--echo" || word == "--client-auth" {
			options[word] = "true"
		} else {
			i++
			options[word] = os.Args[i]
		}
	}
	if os.Args[1] == "serve" {
		serve()
		return
	}
	for _, target := range targets {
		connect(target)
	}
}

func config() *tls.Config {
	created := &tls.Config{MinVersion: tls.VersionTLS13, ServerName: options["--name"]}
	if path, ok := options["--cert"]; ok {
		pair, err := tls.LoadX509KeyPair(path, options["--key"])
		check(err)
		created.Certificates = []tls.Certificate{pair}
	}
	if path, ok := options["--ca"]; ok {
		pem, err := os.ReadFile(path)
		check(err)
		created.RootCAs = x509.NewCertPool()
		created.RootCAs.AppendCertsFromPEM(pem)
		created.ClientCAs = created.RootCAs
	}
	if names, ok := options["--alpn"]; ok {
		created.NextProtos = strings.Split(names, ",")
	}
	if options["--client-auth"] != "" {
		created.ClientAuth = tls.RequireAndVerifyClientCert
	}
	return created
}

func serve() {
	listener, err := net.Listen("tcp", "127.0.0.1:"+options["--port"])
	check(err)
	say(map[string]any{"listening": listener.Addr().(*net.TCPAddr).Port})
	created := config()
	for {
		plain, err := listener.Accept()
		check(err)
		go func() {
			session := tls.Server(plain, created)
			received, err := io.Copy(session, session)
			report(session, received, err)
		}()
	}
}

// Sends a line, half-closes the connection and reads the echo and the peer's close_notify.
func connect(target string) {
	session, err := tls.Dial("tcp", target, config())
	if err != nil {
		say(map[string]any{"end": err.Error()})
		return
	}
	text := options["--send"]
	_, err = session.Write([]byte(text))
	if err == nil {
		err = session.CloseWrite()
	}
	var echo bytes.Buffer
	if err == nil {
		_, err = io.Copy(&echo, session)
	}
	if err == nil && echo.String() != text {
		err = fmt.Errorf("the echo differs from the sent bytes")
	}
	report(session, int64(echo.Len()), err)
}

func report(session *tls.Conn, received int64, err error) {
	state, end := session.ConnectionState(), "close_notify"
	if err != nil {
		end = err.Error()
	}
	session.Close()
	say(map[string]any{"suite": tls.CipherSuiteName(state.CipherSuite), "alpn": state.NegotiatedProtocol, "certificates": len(state.PeerCertificates), "received": received, "end": end})
}

func say(value any) {
	line, _ := json.Marshal(value)
	fmt.Println(string(line))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
