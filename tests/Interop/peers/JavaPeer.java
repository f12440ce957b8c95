import java.io.*;
import java.net.*;
import java.nio.file.*;
import java.security.*;
import java.security.cert.*;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.*;
import javax.net.ssl.*;

/** A peer with the JDK's TLS. The command line is described in tests/Interop/README.md: {@code java JavaPeer.java serve|connect ...}. */
final class JavaPeer {
    private static final Map<String, String> options = new HashMap<>();

    public static void main(String[] arguments) throws Exception {
        var targets = new ArrayList<String>();
        for (int i = 1; i < arguments.length; i++) {
            if (!arguments[i].startsWith("--")) targets.add(arguments[i]);
            else if (Set.of("--echo", "--www", "--client-auth", "--authorities").contains(arguments[i])) options.put(arguments[i], "");
            else options.put(arguments[i], arguments[++i]);
        }
        // JSSE reads these properties when its classes are loaded, so they are set first.
        if (options.containsKey("--groups")) System.setProperty("jdk.tls.namedGroups", options.get("--groups"));
        if (options.containsKey("--authorities")) System.setProperty("jdk.tls.client.enableCAExtension", "true");
        if (options.containsKey("--key-limit")) Security.setProperty("jdk.tls.keyLimits", "AES/GCM/NoPadding KeyUpdate " + options.get("--key-limit"));
        if (options.containsKey("--suites")) System.setProperty("jdk.tls.server.cipherSuites", options.get("--suites"));
        if (arguments[0].equals("serve")) serve();
        else for (var target : targets) connect(target);
    }

    private static void serve() throws Exception {
        var listener = (SSLServerSocket) context().getServerSocketFactory().createServerSocket(Integer.parseInt(options.get("--port")), 50, InetAddress.getLoopbackAddress());
        var parameters = listener.getSSLParameters();
        configure(parameters);
        parameters.setNeedClientAuth(options.containsKey("--client-auth"));
        listener.setSSLParameters(parameters);
        System.out.println("{\"listening\":" + listener.getLocalPort() + "}");
        while (true) {
            var socket = (SSLSocket) listener.accept();
            new Thread(() -> session(socket, () -> {
                if (options.containsKey("--www")) page(socket);
                else return socket.getInputStream().transferTo(socket.getOutputStream());
                return 0L;
            })).start();
        }
    }

    private static void connect(String target) throws Exception {
        var host = target.substring(0, target.lastIndexOf(':'));
        var port = Integer.parseInt(target.substring(target.lastIndexOf(':') + 1));
        var factory = context().getSocketFactory();
        for (int i = 0; i < Integer.parseInt(options.getOrDefault("--times", "1")); i++) {
            var socket = (SSLSocket) factory.createSocket(new Socket(host, port), options.getOrDefault("--name", host), port, true);
            var parameters = socket.getSSLParameters();
            configure(parameters);
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            if (options.containsKey("--packet")) parameters.setMaximumPacketSize(Integer.parseInt(options.get("--packet")));
            socket.setSSLParameters(parameters);
            session(socket, () -> {
                if (options.containsKey("--bulk")) return bulk(socket, Integer.parseInt(options.get("--bulk")));
                var output = socket.getOutputStream();
                if (options.containsKey("--get")) output.write(("GET " + options.get("--get") + " HTTP/1.0\r\n\r\n").getBytes());
                else output.write(options.getOrDefault("--send", "hello\n").getBytes());
                if (!options.containsKey("--get")) socket.shutdownOutput();
                return (long) socket.getInputStream().readAllBytes().length;
            });
        }
    }

    /** Sends bytes while it receives the echo, half-closes the connection and waits for the peer's close_notify. */
    private static long bulk(SSLSocket socket, int size) throws Exception {
        var sent = new byte[size];
        new Random(1).nextBytes(sent);
        var failed = new Exception[1];
        var writer = new Thread(() -> {
            try {
                for (int i = 0; i < size; i += 50_000) socket.getOutputStream().write(sent, i, Math.min(50_000, size - i));
            } catch (Exception failure) {
                failed[0] = failure;
            }
        });
        writer.start();
        var received = socket.getInputStream().readNBytes(size);
        writer.join();
        if (failed[0] != null) throw failed[0];
        if (!Arrays.equals(sent, received)) throw new IOException("the echo of " + received.length + " bytes differs from the sent bytes");
        socket.shutdownOutput();
        if (socket.getInputStream().read() != -1) throw new IOException("the echo has more bytes than were sent");
        return received.length;
    }

    private static void page(SSLSocket socket) throws IOException {
        var reader = new BufferedReader(new InputStreamReader(socket.getInputStream()));
        for (var line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) { }
        socket.getOutputStream().write(("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n" + socket.getSession().getCipherSuite() + "\n").getBytes());
    }

    private interface Work { long run() throws Exception; }

    private static void session(SSLSocket socket, Work work) {
        String end = "close_notify";
        long received = 0;
        try (socket) {
            socket.startHandshake();
            received = work.run();
        } catch (Exception failure) {
            end = failure.toString().replaceAll("[^ -~]|[\"\\\\]", " ");
        }
        var session = socket.getSession();
        System.out.println("{\"protocol\":\"" + session.getProtocol() + "\",\"suite\":\"" + session.getCipherSuite() + "\",\"alpn\":\"" + socket.getApplicationProtocol()
            + "\",\"received\":" + received + ",\"end\":\"" + end + "\"}");
    }

    private static void configure(SSLParameters parameters) {
        parameters.setProtocols(new String[] { "TLSv1.3" });
        if (options.containsKey("--suites")) parameters.setCipherSuites(options.get("--suites").split(","));
        if (options.containsKey("--alpn")) parameters.setApplicationProtocols(options.get("--alpn").split(","));
    }

    private static SSLContext context() throws Exception {
        KeyManager[] keys = null;
        TrustManager[] trust = null;
        if (options.containsKey("--cert")) {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("peer", key(options.get("--key")), new char[0], certificates(options.get("--cert")).toArray(new java.security.cert.Certificate[0]));
            var factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(store, new char[0]);
            keys = factory.getKeyManagers();
        }
        if (options.containsKey("--ca")) {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (var authority : certificates(options.get("--ca"))) store.setCertificateEntry(String.valueOf(store.size()), authority);
            var factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            trust = factory.getTrustManagers();
        }
        var context = SSLContext.getInstance("TLS");
        context.init(keys, trust, null);
        return context;
    }

    private static Collection<? extends java.security.cert.Certificate> certificates(String path) throws Exception {
        try (var stream = new FileInputStream(path)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(stream);
        }
    }

    private static PrivateKey key(String path) throws Exception {
        var text = Files.readString(Path.of(path)).replaceAll("-----[^-]*-----|\\s", "");
        for (var algorithm : List.of("EC", "RSA", "RSASSA-PSS", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text)));
            } catch (GeneralSecurityException other) {
                // The key has another algorithm. Try the next one.
            }
        }
        throw new IOException(path + " does not contain a PKCS #8 key of a supported algorithm");
    }
}
